import { type PhaseName, phaseNames } from '../../shared/run/phase.ts'
import { findHookProblem } from '../settings/find-hook-problem.ts'
import type { ReferenceLookup } from '../settings/resolve-references.ts'
import {
  checkShape,
  invalidAt,
  readSettings,
  type SettingPath,
  type SettingPlace,
  type SettingsSource,
} from '../settings/settings-source.ts'
import { frontMatterSchema, protocolSchema } from './protocol-schema.ts'
import { type MarkdownParts, type MarkdownSection, splitMarkdown } from './split-markdown.ts'

/** A heading of a protocol with its prose, and the phase that it is about. */
export interface ProtocolSection extends MarkdownSection {
  /** Null where the heading names no phase, and none above it does. */
  readonly phase: PhaseName | null
}

/** A runbook that people read and the engine executes. */
export interface Protocol {
  readonly name: string
  readonly description: string
  readonly sections: readonly ProtocolSection[]
  readonly settings: SettingsSource
}

/** Reads a `SKILL.md`; throws `config_invalid` with line, column and the nearest key. */
export function parseProtocol(text: string, file: string, lookup: ReferenceLookup): Protocol {
  const parts = splitMarkdown(text)
  const at = (line: number): SettingPlace => ({ file, line, column: 1 })
  if ('problem' in parts) throw invalidAt(at(parts.line), [], parts.problem)
  if (!parts.frontMatter)
    throw invalidAt(at(1), [], 'begin with front matter: `---`, `name:`, `description:`, `---`')
  const empty = { file, whenEmpty: 'the front matter says `name:` and `description:`' }
  const front = checkShape(frontMatterSchema, readSettings({ ...parts.frontMatter, ...empty }, lookup))
  const settings = joinBlocks(parts, file, lookup)
  const checked = checkShape(protocolSchema, settings)
  const problem = findHookProblem(checked.hooks)
  if (problem) throw invalidAt(settings.placeOf(problem.path), problem.path, problem.problem)
  return { ...front, sections: nameSections(parts.sections), settings }
}

/** Several blocks as one map of settings; a key belongs to one of them. */
function joinBlocks({ blocks }: MarkdownParts, file: string, lookup: ReferenceLookup): SettingsSource {
  const whenEmpty = 'this block is empty: name a part of the policy, such as `gates:`'
  const sources = blocks.map(block => readSettings({ ...block, file, whenEmpty }, lookup))
  const owners = new Map<PropertyKey, SettingsSource>()
  for (const source of sources) {
    for (const key of Object.keys(source.value)) {
      const other = owners.get(key)?.placeOfKey([], key)
      const place = source.placeOfKey([], key)
      if (other)
        throw invalidAt(place, [key], `two blocks of one name: "${key}" is set in line ${other.line} too`)
      owners.set(key, source)
    }
  }
  const start: SettingPlace = { file, line: 1, column: 1 }
  const ownerOf = (path: SettingPath, key?: string): SettingsSource | undefined =>
    owners.get(path[0] ?? key ?? '')
  return {
    value: Object.assign({}, ...sources.map(source => source.value)),
    written: Object.assign({}, ...sources.map(source => source.written)),
    placeOf: path => ownerOf(path)?.placeOf(path) ?? start,
    placeOfKey: (path, key) => ownerOf(path, key)?.placeOfKey(path, key) ?? start,
  }
}

/** Gives each heading its phase: its own, or that of the heading above it. */
function nameSections(sections: readonly MarkdownSection[]): readonly ProtocolSection[] {
  let above: readonly { readonly level: number; readonly phase: PhaseName | null }[] = []
  return sections
    .filter(section => section.heading !== '' || section.prose !== '')
    .map(section => {
      above = above.filter(one => one.level < section.level)
      const phase = phaseOf(section.heading) ?? above.at(-1)?.phase ?? null
      above = [...above, { level: section.level, phase }]
      return { ...section, phase }
    })
}

function phaseOf(heading: string): PhaseName | null {
  const name = heading
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return phaseNames.find(phase => phase === name) ?? null
}
