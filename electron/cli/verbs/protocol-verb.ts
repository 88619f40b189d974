import { listEffectivePolicy, listWritten } from '../../config/list-settings.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { readDefaultPolicy } from '../../host/protocol/default-policy.ts'
import {
  checkProtocol,
  readPhaseProse,
  readPolicy,
  writeDefaultProtocol,
} from '../../host/protocol/read-protocol.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatEffective, formatWritten } from '../format/format-settings.ts'
import { printJson } from '../output/print-json.ts'

interface JsonOption {
  readonly json?: boolean
}

/** `lockstep protocol`: the runbook that people read and the engine executes. */
export const protocolVerb: AddVerb = program => {
  const verb = program
    .command('protocol')
    .summary('check, show or begin the protocol: how tenants are migrated')
    .addHelpText(
      'before',
      `Examples:
  lockstep protocol init                write the default protocol as SKILL.md, to be edited
  lockstep protocol check SKILL.md      what does it set? Or what is wrong, in which line?
  lockstep protocol show                what is in force here, and where does each value come from?
`,
    )
  verb
    .command('check')
    .argument('<file>', 'a SKILL.md')
    .summary('say what a protocol sets, or what is wrong with it')
    .option('--json', 'one JSON document on stdout')
    .action((file: string, options: JsonOption, command) => {
      const { protocol, project } = checkProtocol(file, readGlobals(command).config, process.cwd())
      const { name, description, settings } = protocol
      const written = listWritten(settings)
      if (options.json) return printJson({ file, name, description, project, settings: written })
      const defaults = listEffectivePolicy(readDefaultPolicy())
      standardOutput.write(`${file} is a valid protocol: ${name}\n  ${description}\n`)
      standardOutput.write(project === null ? '' : `  it fits ${project}, which names it\n`)
      standardOutput.write(`\nIt sets:\n${formatWritten(written, defaults)}`)
      standardOutput.write(project === null ? `\nnext: protocol: ${file} in lockstep.yml\n` : '')
    })
  verb
    .command('show')
    .summary('show the policy in force, and where each value comes from')
    .option('--prose', 'what it says to people, phase by phase')
    .option('--json', 'one JSON document on stdout')
    .action((options: JsonOption & { readonly prose?: boolean }, command) => {
      const found = readPolicy(readGlobals(command).config, process.cwd())
      const policy = found ?? readDefaultPolicy()
      const prose = readPhaseProse(policy)
      const settings = listEffectivePolicy(policy)
      const { name = null, description = null } = policy.protocol ?? {}
      const protocol = policy.config.protocol ?? null
      if (options.json) return printJson({ protocol, name, description, settings, prose })
      if (options.prose)
        return void standardOutput.write(
          prose.map(({ heading, prose: text }) => `## ${heading}\n\n${text}\n`).join('\n'),
        )
      if (found === null)
        standardError.write('note: there is no lockstep.yml here, so these are the defaults\n')
      standardOutput.write(formatEffective(settings))
    })
  verb
    .command('init')
    .argument('[file]', 'where to write it', 'SKILL.md')
    .summary('write the default protocol, to be edited')
    .option('--force', 'replace a file that is there')
    .action((file: string, options: { readonly force?: boolean }) => {
      writeDefaultProtocol(file, options.force ?? false, process.cwd())
      standardOutput.write(
        `wrote ${file}\nnext: put protocol: ${file} into lockstep.yml, and take out of it what stands in both\n`,
      )
    })
}
