import type { FieldTable } from '../../model/field-table.ts';

/** A type of auth method: all that depends on it, so that everything else asks for a trait. */
export interface AuthType {
  /** As Vault names it: `vault auth enable NAME`, and the path where it is when nobody says another. */
  name: string;
  /** The fields of auth/<path>/config that a recipe owns, with the servers' defaults. A write replaces the whole document. */
  config: FieldTable;
  /** The fields of a role that a recipe owns, with the servers' defaults. A write merges. */
  role: FieldTable;
}
