import { type Explanation, listExplanations } from '../../../electron/app/explain/list-explanations.ts'
import { readDefaultPolicy } from '../../../electron/host/protocol/default-policy.ts'
import { codeBlock, formatMarkdownTable, generatedNote, joinParts } from '../../support/docs/markdown.ts'

/** `docs/rules.md`: every rule of lint with its safer form, and every kind of conflict. */
export function writeRulesPage(): string {
  const all = listExplanations(readDefaultPolicy(), [])
  const rules = all.filter(one => one.kind === 'rule')
  const conflicts = all.filter(one => one.kind === 'conflict')
  return joinParts([
    generatedNote,
    '# Rules',
    introduction(rules.length),
    formatMarkdownTable(
      ['rule', 'what it asks for'],
      rules.map(({ name, title }) => [`[${name}](#${name})`, title]),
    ),
    '## Lint',
    ...rules.flatMap(describeRule),
    '## Conflicts',
    aboutConflicts,
    ...conflicts.flatMap(({ name, why, remedy }) => [`### ${name}`, why, `What to do: ${remedy}`]),
  ])
}

const introduction = (count: number): string =>
  `What the gates [lint](gates.md#lint) and [conflicts](gates.md#conflicts) look for. There are ${count} rules for single statements and revisions, and a few kinds of conflicts between revisions and tenants. [Before a run](before-a-run.md) says how findings are weighed. \`lockstep explain RULE\` prints one of them.

A finding is accepted beside its statement, with a reason:

\`\`\`sql
alter table orders drop column note; -- lockstep: allow drop_column: nobody reads it since release 40
\`\`\`

In Python the comment is \`# lockstep: allow drop_column: nobody reads it\`, on the same line or on the line before. \`lint.waivers\` and \`lint.disable\` accept findings of one revision, or switch a rule off, for the whole project.`

const aboutConflicts =
  'Every revision of the plan is followed, without running it, on what each class of tenants holds. A conflict is an error only where the server surely refuses the statement.'

function describeRule({ name, title, why, remedy, example }: Explanation): readonly string[] {
  return [
    `### ${name}`,
    `**${title}.** ${why}`,
    `What to do: ${remedy}`,
    example ? `Stopped:\n\n${codeBlock('sql', example.bad)}` : '',
    example ? `Let through:\n\n${codeBlock('sql', example.good)}` : '',
  ]
}
