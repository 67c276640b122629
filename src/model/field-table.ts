/** How two values of a field are compared. */
export type FieldKind =
  | 'text'
  /** Address of an API server: spelling means nothing. One that is not clear is equal to the same text alone. */
  | 'host'
  | 'number'
  | 'boolean'
  /** Order and duplicates mean nothing. */
  | 'set'
  /** Like set; `10.0.0.1/32` is `10.0.0.1`. */
  | 'cidrs'
  /** CA certificates in PEM: the same certificates. PEM that is not clear is equal to the same text alone. */
  | 'ca'
  /** Keys in PEM: line ends and space around them mean nothing. */
  | 'pems';

export interface Field {
  kind: FieldKind;
  /** What the server takes when the field was never written; an absent field of a recipe means this. */
  default: unknown;
  /** Values are descriptions of a secret. */
  sensitive?: boolean;
}

export type FieldTable = Record<string, Field>;
