import type { Environment } from '../model/environment.ts';
import type { ServerProcess } from './processes/server-process.ts';
import type { Progress } from './progress.ts';

/** What fetching, building and starting servers have in common. */
export interface SandboxContext {
  /** Where PATH, KUBEBUILDER_ASSETS, HOME, XDG_* and VAULTBIND_* are looked up. */
  env: Environment;
  progress: Progress;
  /** Aborted: whatever was started is ended, and the call throws InterruptedError. */
  signal?: AbortSignal;
  /** The servers outlive this process. Default false: they end with it, however it ends. */
  detached?: boolean;
  /** Which ports servers had before, by their name. Absent: any that are free. */
  ports?: PortBook;
  /** Told of each process before anything can go wrong with it, so that a killed parent leaves a trace. */
  onProcess?: (process: ServerProcess) => void;
}

export interface PortBook {
  before(server: string): number[] | undefined;
  took(server: string, ports: number[]): void;
}
