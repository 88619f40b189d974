import pc from 'picocolors'
import type { DiagnosisItem } from '../../app/doctor/diagnosis-item.ts'
import { diagnoseProject } from '../../host/diagnose-project.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatFailure } from '../output/print-failure.ts'
import { printJson } from '../output/print-json.ts'

/** `lockstep doctor`: is everything there that a run needs? */
export const doctorVerb: AddVerb = (program, setExitCode) => {
  program
    .command('doctor')
    .summary('look at everything that a run needs: servers, interpreter, migrations, tenants')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'before',
      'Examples:\n  lockstep doctor\n  lockstep doctor --config deploy/lockstep.yml --json\n',
    )
    .action(async (options: { readonly json?: boolean }, command) => {
      const items = await diagnoseProject(readGlobals(command), new AbortController().signal)
      if (options.json) printJson(items)
      else standardOutput.write(items.map(formatItem).join(''))
      if (items.some(item => item.state === 'problem')) setExitCode(2)
    })
}

function formatItem(item: DiagnosisItem): string {
  const marks = { ok: pc.green('ok     '), warning: pc.yellow('warning'), problem: pc.red('problem') }
  const head = `${marks[item.state]}  ${item.subject.padEnd(18)} ${item.detail}\n`
  return item.failure
    ? head + formatFailure(item.failure).replaceAll(/^/gm, '         ').trimEnd().concat('\n')
    : head
}
