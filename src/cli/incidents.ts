import type { IncidentView } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';
import { figureLines } from '../text/figures.ts';
import { incidentStory, incidentTable } from '../text/incidents.ts';
import type { Context } from './context.ts';
import { at, printAnswer, tellDaemon } from './daemon.ts';
import { argument } from './options.ts';
import { needSight } from './snapshot.ts';

export async function run(context: Context, args: readonly string[]): Promise<number> {
  const [what = 'list'] = args;
  if (what === 'list') return list(context);
  const id = argument(args, 1, 'The number of the incident', `jarvis-health incidents ${what} 17`).replace(/^#/, '');
  if (what === 'show') return show(context, id);
  printAnswer(context, await tellDaemon(context, at('incidents', id, what)));
  return 0;
}

async function list(context: Context): Promise<number> {
  const { snapshot } = await needSight(context);
  if (context.json) context.outJson(snapshot.incidents);
  else {
    const paper = context.paper();
    const { figures } = snapshot.recovery ?? {};
    const summary = figures === undefined ? [] : ['', ...figureLines(figures, paper)];
    context.out(`${[...incidentTable(snapshot.incidents, paper), ...summary].join('\n')}\n`);
  }
  return 0;
}

async function show(context: Context, id: string): Promise<number> {
  const { snapshot } = await needSight(context);
  const incident = find(snapshot.incidents, id);
  if (context.json) context.outJson(incident);
  else context.out(`${incidentStory(incident, context.paper()).join('\n')}\n`);
  return 0;
}

function find(incidents: readonly IncidentView[], id: string): IncidentView {
  const found = incidents.find((incident) => incident.id === id);
  if (found !== undefined) return found;
  throw new PersonError(
    'INCIDENT_UNKNOWN',
    `There is no incident "${id}" among the last ${incidents.length}.`,
    'See: jarvis-health incidents',
  );
}
