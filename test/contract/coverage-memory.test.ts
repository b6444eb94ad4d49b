import { memoryAudit } from '../../adapters/memory/audit.ts';
import { coverageContract } from './coverage-contract.ts';

coverageContract({ name: 'memory', open: async () => memoryAudit().coverage });
