/** Whose server speaks Vault's API. */
export type ServerProduct = 'openbao' | 'vault';
