import { approle } from './approle.ts';
import { jwt } from './jwt.ts';
import { kubernetesLogin } from './kubernetes.ts';
import type { LoginMethod } from './method.ts';
import { token } from './token.ts';
import { ldap, userpass } from './userpass.ts';
import { wrappedLogin } from './wrapped.ts';

/** How an operator may log in, the default first. Adding one is one file and one line. */
export const loginMethods: LoginMethod[] = [token, approle, kubernetesLogin, jwt, userpass, ldap, wrappedLogin];
