import { Command } from 'commander'
import { standardError, standardOutput } from '../host/output/safe-output.ts'
import { toolVersion } from '../host/settings/tool-version.ts'
import type { AddVerb, SetExitCode } from './arguments/add-verb.ts'
import { addGlobals } from './arguments/read-globals.ts'
import { demoVerb } from './verbs/demo-verb.ts'
import { doctorVerb } from './verbs/doctor-verb.ts'
import { driftVerb } from './verbs/drift-verb.ts'
import { explainVerb } from './verbs/explain-verb.ts'
import { initVerb } from './verbs/init-verb.ts'
import { logVerb } from './verbs/log-verb.ts'
import { openVerb } from './verbs/open-verb.ts'
import { planVerb } from './verbs/plan-verb.ts'
import { protocolVerb } from './verbs/protocol-verb.ts'
import { recoverVerb } from './verbs/recover-verb.ts'
import { reportVerb } from './verbs/report-verb.ts'
import { rollbackVerb } from './verbs/rollback-verb.ts'
import { runVerb } from './verbs/run-verb.ts'
import { runsVerb } from './verbs/runs-verb.ts'
import { schemaVerb } from './verbs/schema-verb.ts'
import { snapshotsVerb } from './verbs/snapshots-verb.ts'
import { statusVerb } from './verbs/status-verb.ts'
import { topologyVerb } from './verbs/topology-verb.ts'

const verbs: readonly AddVerb[] = [
  openVerb,
  demoVerb,
  initVerb,
  doctorVerb,
  topologyVerb,
  planVerb,
  driftVerb,
  runVerb,
  statusVerb,
  runsVerb,
  logVerb,
  reportVerb,
  recoverVerb,
  rollbackVerb,
  snapshotsVerb,
  protocolVerb,
  explainVerb,
  schemaVerb,
]

const examples = `Examples:
  lockstep open --demo                  the dashboard, on a cluster that it starts itself
  lockstep demo                         a whole safe migration on a cluster that it starts itself
  lockstep init --primary postgresql://postgres@localhost/postgres --tenants 'tenant_*'
  lockstep doctor                       is everything there that a run needs?
  lockstep plan                         what would run, for whom, in which order
  lockstep drift                        which tenants do not look like the others, and how
  lockstep run                          plan, gates, approval, vote, commit, replicas, smoke tests
  lockstep run --yes --json             the same in a pipeline: one JSON document on stdout
  lockstep explain replica_lag          what a gate looks at, its limits here, and what to do
  lockstep recover                      settle a run that was cut off
  lockstep rollback last                undo the last run, by evidence
`

const exitCodes = `
Exit codes:
  0 done, or nothing to do        4 approval missing, denied or void; nothing changed
  1 the tool itself failed        5 failed, and every tenant is proven to be as it was
  2 usage or configuration        6 mixed or unproven state: a human is needed
  3 a gate failed or could not    7 another run holds the lock, or one must be recovered first
    be judged; nothing changed    129, 130, 143 interrupted; rolled back and proven
`

/** The whole command line, ready to parse. */
export function createProgram(setExitCode: SetExitCode): Command {
  const program = addGlobals(new Command('lockstep'))
    .description(
      'Moves every tenant of a multi-tenant PostgreSQL service to a new schema revision: all of a group or none of it.',
    )
    .version(toolVersion)
    .addHelpText('before', examples)
    .addHelpText('after', exitCodes)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: text => standardOutput.write(text),
      writeErr: text => standardError.write(text),
    })
    .exitOverride()
  for (const addVerb of verbs) addVerb(program, setExitCode)
  for (const verb of program.commands) verb.exitOverride()
  return program
}
