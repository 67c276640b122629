import { kubernetesAuth } from './kubernetes.ts';

/** What holds while nothing names a type of auth method. */
export const usualAuthType = kubernetesAuth;
