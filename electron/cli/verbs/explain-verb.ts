import { LockstepError } from '../../../shared/failure/failure.ts'
import { listExplanations } from '../../app/explain/list-explanations.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import { readDefaultPolicy } from '../../host/protocol/default-policy.ts'
import { readPhaseProse, readPolicy } from '../../host/protocol/read-protocol.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { suggest } from '../arguments/suggest.ts'
import { formatExplanation, formatExplanations } from '../format/format-explanation.ts'
import { printJson } from '../output/print-json.ts'

/** `lockstep explain`: what a name in an answer means, and what to do about it. */
export const explainVerb: AddVerb = program => {
  program
    .command('explain')
    .argument('[name]', 'a gate, a lint rule, a conflict, a phase or an exit code; none: list them all')
    .summary('say what a gate, a rule, a phase or an exit code means, and what to do')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'before',
      `Examples:
  lockstep explain                      everything that has a name
  lockstep explain replica_lag          a gate, with its limits as they are here
  lockstep explain drop_column          a lint rule, with its safer form
  lockstep explain 6                    an exit code
`,
    )
    .action((name: string | undefined, options: { readonly json?: boolean }, command) => {
      const found = readPolicy(readGlobals(command).config, process.cwd())
      const all = listExplanations(found ?? readDefaultPolicy(), readPhaseProse(found))
      if (name === undefined) {
        if (options.json) printJson(all)
        else standardOutput.write(formatExplanations(all))
        return
      }
      const wanted = all.filter(one => one.name === name.replaceAll('-', '_'))
      if (wanted.length === 0)
        throw new LockstepError({
          kind: 'usage',
          problem: `nothing is called "${name}"`,
          fix: suggestName(
            name,
            all.map(one => one.name),
          ),
        })
      if (options.json) printJson(wanted.length === 1 ? wanted[0] : wanted)
      else standardOutput.write(wanted.map(formatExplanation).join('\n'))
    })
}

/** A hundred names are no choice: the nearest one, or where they are listed. */
function suggestName(name: string, known: readonly string[]): string {
  const [nearest = ''] = suggest(name, known).split('? Else ')
  return nearest.startsWith('did you mean') ? `${nearest}?` : 'lockstep explain lists all names'
}
