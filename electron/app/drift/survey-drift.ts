import type { Quarantine, SchemaClass } from '../../../shared/analysis/schema-class.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { resolveQuarantine } from '../../engine/drift/quarantine.ts'
import { surveyClasses } from '../../engine/drift/survey-classes.ts'
import { refuseOpen } from '../../engine/open-runs/find-refusal.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { discoverTopology } from '../../engine/topology/discover-topology.ts'
import { matchNames } from '../../engine/topology/match-names.ts'

/** Which tenants of a project look alike. */
export interface DriftSurvey {
  readonly classes: readonly SchemaClass[]
  /** Tenants that runs leave alone; they are looked at all the same. */
  readonly quarantined: readonly Quarantine[]
  /** Tenants that differ from the others at their revision, and that are not in quarantine. */
  readonly outliers: readonly string[]
  /** Tenants that could not be read, and so were not compared. */
  readonly unreadable: readonly UnreadableTenant[]
}

/** Compares the schemas of tenants (names or globs; empty means all) without a lock and without changing anything. */
export async function surveyDrift(
  { config }: { readonly config: ProjectConfig },
  ports: Pick<EnginePorts, 'servers' | 'source' | 'prepared' | 'store' | 'locks'>,
  asked: readonly string[],
  onRead: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<DriftSurvey> {
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  // Prepared tables are locked: fingerprints would wait for them in vain.
  await refuseOpen({ config, topology }, ports, signal)
  const { unreadable: closed = [] } = topology
  const names = [...topology.tenants.map(tenant => tenant.name), ...closed.map(one => one.tenant)]
  for (const pattern of asked) {
    if (matchNames(names, pattern).length === 0)
      throw new LockstepError({ kind: 'tenant_unknown', tenant: pattern, known: names })
  }
  const chosen = new Set(asked.length === 0 ? names : matchNames(names, asked))
  const tenants = topology.tenants.filter(tenant => chosen.has(tenant.name))
  const { classes, unreadable } = await surveyClasses({ ...topology, tenants }, ports, onRead, signal)
  const quarantined = resolveQuarantine([...chosen], config.drift.quarantine)
  const left = new Set(quarantined.map(({ tenant }) => tenant))
  const outliers = classes
    .filter(one => !one.isMain)
    .flatMap(one => one.tenants)
    .filter(tenant => !left.has(tenant))
  return {
    classes,
    quarantined,
    outliers,
    unreadable: [...closed.filter(one => chosen.has(one.tenant)), ...unreadable],
  }
}
