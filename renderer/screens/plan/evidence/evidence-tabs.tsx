import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { useCommand } from '../../../commands/use-command.tsx'
import type { ScreenRoute } from '../../../route/route.ts'
import { navigate } from '../../../store/navigate.ts'
import { PanelBoundary } from '../../../ui/panel-boundary.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { countMigrations, countTenants } from '../decision/plan-facts.ts'
import styles from '../plan-screen.module.css'
import { ClassesTab } from './classes-tab.tsx'
import { DowngradeTab } from './downgrade-tab.tsx'
import { FindingsTab } from './findings-tab.tsx'
import { GatesTab } from './gates-tab.tsx'
import { GroupsTab } from './groups-tab.tsx'
import { NotesTab } from './notes-tab.tsx'
import { RehearsalTab } from './rehearsal-tab.tsx'
import { RevisionsTab } from './revisions-tab.tsx'
import { RunbookTab } from './runbook-tab.tsx'
import { StatementsTab } from './statements-tab.tsx'
import { TenantsTab } from './tenants-tab.tsx'

const parts = [
  'statements',
  'tenants',
  'groups',
  'gates',
  'revisions',
  'rehearsal',
  'findings',
  'classes',
  'rollback',
  'runbook',
  'notes',
] as const
type EvidenceTab = (typeof parts)[number]

interface EvidenceTabsProps {
  readonly route: ScreenRoute
  readonly view: PlanView
  /** Whether what is shown is what the engine holds now. */
  readonly isCurrent: boolean
  readonly onRehearsed: () => void
}

/** Everything that an approval rests on, in the view in which it is given; the address says which part is open. */
export function EvidenceTabs({ route, view, isCurrent, onRehearsed }: EvidenceTabsProps) {
  const current = partOf(route)
  const show = (part: string): void => navigate({ ...route, tab: part, query: {} }, 'replace')
  useTabCommands(show)
  return (
    <section className={styles.evidence} aria-label="Evidence">
      <Tabs
        label="Evidence of this plan"
        tabs={parts.map(part => ({ id: part, label: labelOf(part), count: countIn(part, view) }))}
        current={current}
        onSelect={show}
        panelId="plan-part"
      />
      <div
        role="tabpanel"
        id="plan-part"
        aria-labelledby={`plan-part-${current}`}
        className={styles.evidence}
      >
        <PanelBoundary key={current} title={labelOf(current)}>
          <PartOf part={current} route={route} view={view} isCurrent={isCurrent} onRehearsed={onRehearsed} />
        </PanelBoundary>
      </div>
    </section>
  )
}

function PartOf({
  part,
  route,
  view,
  isCurrent,
  onRehearsed,
}: EvidenceTabsProps & { readonly part: EvidenceTab }) {
  switch (part) {
    case 'statements':
      return <StatementsTab route={route} plan={view.plan} findings={view.analysis?.findings ?? []} />
    case 'tenants':
      return <TenantsTab route={route} plan={view.plan} />
    case 'groups':
      return <GroupsTab plan={view.plan} />
    case 'gates':
      return <GatesTab route={route} view={view} />
    case 'revisions':
      return <RevisionsTab view={view} />
    case 'rehearsal':
      return <RehearsalTab view={view} isCurrent={isCurrent} onRehearsed={onRehearsed} />
    case 'findings':
      return <FindingsTab view={view} />
    case 'classes':
      return <ClassesTab view={view} />
    case 'rollback':
      return <DowngradeTab view={view} />
    case 'runbook':
      return <RunbookTab />
    case 'notes':
      return <NotesTab plan={view.plan} />
    default:
      return assertNever(part)
  }
}

/** The palette names a gate without a part. */
function partOf({ tab, query }: ScreenRoute): EvidenceTab {
  return parts.find(part => part === tab) ?? (query.gate === undefined ? 'statements' : 'gates')
}

function labelOf(part: EvidenceTab): string {
  return part.charAt(0).toUpperCase() + part.slice(1).replace('-', ' ')
}

function countIn(part: EvidenceTab, { plan, gates, analysis }: PlanView): number | undefined {
  switch (part) {
    case 'statements':
      return undefined
    case 'tenants':
      return countTenants(plan)
    case 'groups':
      return plan.groups.length
    case 'gates':
      return gates.length === 0 ? undefined : gates.length
    case 'revisions':
      return countMigrations(plan)
    case 'notes':
      return new Set(plan.notes.map(note => note.text)).size
    case 'findings':
      return analysis?.findings.length
    case 'classes':
      return analysis?.classes.length
    case 'rehearsal':
    case 'rollback':
    case 'runbook':
      return undefined
    default:
      return assertNever(part)
  }
}

function useTabCommands(show: (part: string) => void): void {
  useCommand('tab.1', () => show(parts[0]))
  useCommand('tab.2', () => show(parts[1]))
  useCommand('tab.3', () => show(parts[2]))
  useCommand('tab.4', () => show(parts[3]))
  useCommand('tab.5', () => show(parts[4]))
  useCommand('tab.6', () => show(parts[5]))
}
