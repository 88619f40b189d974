import { discoverTopology } from '../../engine/discover-topology.ts'
import { loadProject } from '../../host/load-project.ts'
import { noApprovals, withEngine } from '../../host/with-engine.ts'
import type { AddVerb } from '../add-verb.ts'
import { formatTopology } from '../format-topology.ts'
import { printJson } from '../print-json.ts'
import { readGlobals } from '../read-globals.ts'

/** `lockstep topology`: which servers there are, what they are, and which tenants they hold. */
export const topologyVerb: AddVerb = program => {
  program
    .command('topology')
    .summary('show servers as declared and as observed, replica lag, and tenants')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('before', 'Examples:\n  lockstep topology\n  lockstep topology --json | jq .clusters\n')
    .action(async (options: { readonly json?: boolean }, command) => {
      const project = loadProject(readGlobals(command).config, process.cwd())
      const topology = await withEngine(project, noApprovals, ports =>
        discoverTopology(project.config, ports, async () => undefined, new AbortController().signal),
      )
      if (options.json) printJson(topology)
      else process.stdout.write(formatTopology(topology))
    })
}
