/** What the engine tells whoever watches; progress is made of it. Results are in the report. */
export type Event =
  /** A phase begins; `total` is the number of objects or checks. */
  | { type: 'phase'; phase: Phase; step?: string; total: number }
  /** One more is done; `subject` is its address. */
  | { type: 'done'; phase: Phase; subject: string };

export type Phase = 'connect' | 'plan' | 'apply' | 'read-back' | 'verify';

export type Observer = (event: Event) => void;
