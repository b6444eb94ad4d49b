#!/usr/bin/env node
/** The command `throughline`. */
import { enableCompileCache } from 'node:module';
import { compiledCode } from '../local/compiled-code.ts';
import '../local/loading.ts';

// Before anything else is loaded: what follows starts in half the time then.
enableCompileCache(compiledCode);
const { main } = await import('./program.ts');
process.exit(await main(process.argv.slice(2)));
