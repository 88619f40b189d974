import type { RunSummary } from '../../shared/api/run-view.ts'
import type { TenantPosition } from '../../shared/api/topology-view.ts'
import type { Command, CommandId } from '../../shared/commands/command-list.ts'
import { gateNames } from '../../shared/plan/verdict.ts'
import { routeTo, type ScreenRoute } from '../route/route.ts'
import { wordOfOutcome } from '../status/words.ts'

/** Something that the palette finds. */
export interface PaletteEntry {
  readonly key: string
  readonly title: string
  readonly kind: 'command' | 'run' | 'tenant' | 'gate'
  readonly keys: string
  readonly target:
    | { readonly kind: 'command'; readonly id: CommandId }
    | { readonly kind: 'route'; readonly route: ScreenRoute }
}

const mostShown = 50

/** Everything that can be found now. */
export function listEntries(
  commands: readonly Command[],
  runs: readonly RunSummary[],
  tenants: readonly TenantPosition[],
): readonly PaletteEntry[] {
  return [
    ...commands.map(({ id, title, keys }) => ({
      key: id,
      title,
      kind: 'command' as const,
      keys: keys[0] ?? '',
      target: { kind: 'command' as const, id },
    })),
    ...runs.map(run => toRoute('run', run.runId, describeRun(run), routeTo('runs', { id: run.runId }))),
    ...gateNames.map(gate => toRoute('gate', gate, `Gate ${gate}`, routeTo('plan', { query: { gate } }))),
    ...tenants.map(({ tenant }) =>
      toRoute(
        'tenant',
        tenant,
        `Tenant ${tenant}`,
        routeTo('topology', { query: { view: 'table', tenant } }),
      ),
    ),
  ]
}

/** Entries that have every typed word in their title, those that begin with it first. */
export function findEntries(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = entries.filter(entry => words.every(word => entry.title.toLowerCase().includes(word)))
  const start = words[0] ?? ''
  const rank = (entry: PaletteEntry): number => (entry.title.toLowerCase().startsWith(start) ? 0 : 1)
  return [...found].sort((a, b) => rank(a) - rank(b)).slice(0, mostShown)
}

function toRoute(
  kind: 'run' | 'tenant' | 'gate',
  id: string,
  title: string,
  route: ScreenRoute,
): PaletteEntry {
  return { key: `${kind}-${id}`, title, kind, keys: '', target: { kind: 'route', route } }
}

function describeRun({ runId, outcome, alive, startedAt, undoes }: RunSummary): string {
  return `Run ${runId.slice(0, 10)} ${wordOfOutcome(outcome, alive, undoes)}${startedAt === null ? '' : `, ${startedAt.slice(0, 16).replace('T', ' ')}`}`
}
