import type { AuthType } from '../recipe/auth-types/auth-type.ts';
import { usualAuthType } from '../recipe/auth-types/index.ts';
import { type Examination, known } from './examination.ts';

/** Of the recipe, else the one that is usual. */
export function authType({ patient }: Pick<Examination, 'patient'>): AuthType {
  return patient.recipe?.auth.type ?? usualAuthType;
}

export function kubernetesMounts(x: Pick<Examination, 'patient' | 'mount'>): string[] {
  return Object.entries(known(x.mount.all) ?? {})
    .filter(([, type]) => type === authType(x).name)
    .map(([path]) => path);
}
