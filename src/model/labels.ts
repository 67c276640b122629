/** Label on what we create, and only there; never compared. Its value is the recipe's name. */
export const labelKey = 'vaultbind.dev/recipe';

/**
 * Annotation of a token Secret: its token went into the auth config of the mount with this accessor. The value is the
 * Secret's uid, so a copy of the annotation on a Secret made anew says nothing.
 */
export const writtenTo = (accessor: string) => `written-to.vaultbind.dev/${accessor}`;
