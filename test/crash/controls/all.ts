/** Every control, by theme. */
import type { Control } from './control.ts';
import { endings } from './endings.ts';
import { grants } from './grants.ts';
import { keysAndClaims } from './keys-and-claims.ts';
import { waiting } from './waiting.ts';
import { writers } from './writers.ts';

export const controls: readonly Control[] = [...endings, ...waiting, ...keysAndClaims, ...grants, ...writers];
