import { proveTheJudge } from './prove-the-judge.ts';

proveTheJudge(1);
