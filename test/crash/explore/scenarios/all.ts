/** Everything that is explored, what takes longest first. */
import { errands } from './errands.ts';
import type { Listed } from './listed.ts';
import { long } from './long.ts';
import { operations } from './operations.ts';
import { refundTickets } from './refund-desk.ts';
import { shared } from './shared.ts';
import { swept } from './swept.ts';

export const scenarios: readonly Listed[] = [...refundTickets, ...errands, ...operations, ...shared, ...long, ...swept];
