/** Plays the scenarios that are named, on sources as they are loaded here, and hands what was seen to whoever started it. */

import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import type { Seen } from '../checker/seen.ts';
import { controls } from './all.ts';

const [, , file, ...names] = process.argv;
if (!file) throw new Error('play.ts FILE NAME...: the file takes what was seen');

const seen: Record<string, Seen> = {};
for (const { name, play } of controls) if (names.includes(name)) seen[name] = await play();
writeFileSync(file, serialize(seen));
// A naive variant may leave something under way for good.
process.exit();
