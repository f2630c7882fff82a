import type { Alert, State } from '../../src/core/state.ts';
import { initialState } from '../../src/store/state.ts';

export const NOON = Date.UTC(2025, 10, 21, 12);

export function sampleAlert(id: string, part: Partial<Alert> = {}): Alert {
  return {
    id,
    key: 'hub',
    kind: 'opened',
    severity: 'critical',
    target: 'hub',
    incident: 'I-1',
    title: 'hub is down',
    body: 'hub does not answer.',
    since: NOON,
    createdAt: NOON,
    evidence: ['connection refused'],
    tried: ['restarted it'],
    next: 'Another attempt in 5 min.',
    doThis: 'Look at logs/services/hub.log.',
    ...part,
  };
}

/** A state with something in every corner; `n` tells one from another. */
export function sampleState(n: number): State {
  const moment = { at: NOON, steady: 5000.5 };
  return {
    ...initialState({ at: NOON, steady: 5000, bootId: 'b', uptimeMs: 12 }),
    lastAttempt: n,
    targets: {
      'größe .1': {
        belief: 'critical',
        since: moment,
        hardStates: [0, 1, 0],
        hardStateAt: 1,
        flappingSince: undefined,
        incident: 'I-1',
        attempts: [
          {
            id: 'A-1',
            incident: 'I-1',
            playbook: 'restart',
            reason: 'gone',
            manual: false,
            started: moment,
            class: 'crashed',
            because: ['its process has ended'],
            forced: false,
            slo: 601_000,
            step: 0,
            phase: 'acting',
            retryAt: undefined,
            stepEnded: undefined,
            verifyBy: undefined,
            ended: undefined,
            outcome: undefined,
            did: ['started it'],
            trouble: undefined,
            steps: [
              {
                step: 0,
                action: 'restart-service',
                try: 1,
                started: moment,
                ended: undefined,
                result: undefined,
                verified: undefined,
                did: [],
                trouble: undefined,
                code: undefined,
              },
            ],
            goods: [],
          },
        ],
        forgottenAt: undefined,
        healthySince: undefined,
        tracked: {
          pid: 4,
          startToken: 'b:9',
          command: 'python3 app.py',
          cwd: undefined,
          hadTerminal: false,
          proven: true,
          ownGroup: 4,
        },
        starting: undefined,
        startTimesMs: [],
        uncleanEnds: [{ pid: 812, startToken: 'boot:77', at: 5_000 }],
        shortLives: { count: 2, since: moment, bornAt: 7 },
        bringUp: { phase: 'done', tries: 0, at: 0 },
        hostHolds: [{ kind: 'work', text: 'npm install', since: moment, cap: 9 }],
        survey: { askedAt: moment, answeredAt: undefined },
        refusedUnder: undefined,
        lastAlertAt: undefined,
        lastExit: undefined,
        rulings: [{ at: NOON, code: 'held', text: 'npm install runs', until: NOON + 1 }],
      },
    },
    outbox: [sampleAlert('AL-1')],
    owed: [sampleAlert('AL-0')],
  };
}
