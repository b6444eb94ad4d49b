/** Every story, by what happens in it. */
import { approvalGiven, approvalOutdated, approvalRefused } from './approval.ts';
import { claimPassesOn } from './claim.ts';
import { contradictionAfterLookup, contradictionLate, contradictionStands } from './contradiction.ts';
import { frozenWhileGranting, frozenWhileOpen } from './freeze.ts';
import { lookupAbsent, lookupFound, lookupUnknown } from './lookup.ts';
import { manualDone, manualFailed, manualReportedLate } from './manual.ts';
import { readCutOff, readDeniedWhileOpen } from './read.ts';
import { replayKeyExpiredAbsent, replayKeyExpiredLookup, replayKeyExpiredManual, replayOneOfTwoFailed, replayWithinKey } from './replay.ts';
import { stoppedWhileAsked, stoppedWhileManual, stoppedWhileOpen } from './stop.ts';
import type { Story } from './story.ts';
import { transactionConditionFailed, transactionCutOff } from './transaction.ts';

export const stories: Readonly<Record<string, Story>> = {
	'a read cut off is granted again at once': readCutOff,
	'a read denied while open is ended first': readDeniedWhileOpen,
	'a transaction cut off is granted again at once': transactionCutOff,
	'a transaction whose condition fails is granted again': transactionConditionFailed,
	'a replay cut off is granted again with the same key': replayWithinKey,
	'a replay whose key has expired is looked up': replayKeyExpiredLookup,
	'a replay that the target never saw begins a new key window': replayKeyExpiredAbsent,
	'a replay whose key has expired and that cannot be looked up is a person’s': replayKeyExpiredManual,
	'a replay of which one attempt failed goes on': replayOneOfTwoFailed,
	'a lookup finds the effect': lookupFound,
	'a lookup finds nothing and the step is granted again': lookupAbsent,
	'a lookup without an answer becomes a person’s': lookupUnknown,
	'a manual step is settled as done by a person': manualDone,
	'a manual step is settled as failed by a person': manualFailed,
	'a manual step is settled by its own late report': manualReportedLate,
	'an approval lets a step through': approvalGiven,
	'a refusal denies a step': approvalRefused,
	'an approval of other facts does not count': approvalOutdated,
	'a claim passes on after a failure': claimPassesOn,
	'a freeze while granting withdraws the attempt': frozenWhileGranting,
	'a freeze while an attempt is open lets it report': frozenWhileOpen,
	'a contradiction holds the run until a person says what stands': contradictionStands,
	'a contradiction about a dropped step is settled': contradictionLate,
	'a contradiction after a lookup is settled': contradictionAfterLookup,
	'a stopped run still looks up what is open': stoppedWhileOpen,
	'a stopped run still asks a person about what is open': stoppedWhileManual,
	'a stopped run asks for no approval any more': stoppedWhileAsked,
};
