#!/usr/bin/env node
/** The command `throughline`. */
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: what follows starts in half the time then.
enableCompileCache();
const { main } = await import('./program.ts');
process.exit(await main(process.argv.slice(2)));
