import { start } from '../../src/main.ts';

// The whole program in one file, which the tests bundle and start as a process.
await start();
