import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
} from 'yaml'
import { interpolate } from './environment/interpolate.ts'
import { composeInvalid } from './nodes/compose-invalid.ts'
import {
  type ComposeNode,
  isNull,
  type MapEntry,
  type MapNode,
  type Mark,
  makeList,
  makeMap,
  makeNull,
  makeText,
  type Place,
} from './nodes/compose-node.ts'
import type { ComposeWarning } from './nodes/compose-project.ts'
import { resolvePlainScalar } from './resolve-plain-scalar.ts'

/** What the text of a file is read with. */
export interface FileReading {
  readonly lookUp: (name: string) => string | undefined
  readonly warn: (warning: ComposeWarning) => void
}

/**
 * Reads one Compose file: YAML with anchors and merge keys, every value interpolated, every place kept.
 *
 * One mapping per YAML document; `reading` null: values as written.
 */
export function loadFile(file: string, text: string, reading: FileReading | null): readonly MapNode[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
  })
  return documents.map(({ contents, errors: [fault] }) => {
    // Anchors end with their document.
    const converter = new Converter(file, text, lines, reading)
    if (fault) {
      throw composeInvalid(
        converter.placeAt(fault.pos[0]),
        `this is not YAML: ${fault.message}`,
        'correct the YAML here: look at the indentation and the quotes of this line and the one above',
      )
    }
    const root = contents ? converter.convert(contents) : makeNull({ file, line: 1, column: 1 })
    if (root.kind === 'map') return root
    if (isNull(root)) return makeMap([], root.at)
    throw composeInvalid(
      root.at,
      'a Compose file must be a mapping at its top',
      'begin with a key such as `services:`',
    )
  })
}

/** Turns the nodes of one file into ours; it lives as long as the reading of that file. */
class Converter {
  readonly #file: string
  readonly #text: string
  readonly #lines: LineCounter
  readonly #reading: FileReading | null
  readonly #anchors = new Map<string, ComposeNode>()

  constructor(file: string, text: string, lines: LineCounter, reading: FileReading | null) {
    this.#file = file
    this.#text = text
    this.#lines = lines
    this.#reading = reading
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) }
  }

  convert(node: Node): ComposeNode {
    if (isAlias(node)) return this.#followAlias(node.source, node)
    const converted = this.#convertHere(node)
    const anchor = 'anchor' in node ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, converted)
    return converted
  }

  #convertHere(node: Node): ComposeNode {
    const at = this.#placeOf(node)
    const mark: Mark = node.tag === '!reset' ? 'reset' : node.tag === '!override' ? 'override' : null
    if (mark === 'reset') return makeNull(at, mark)
    if (isMap<unknown, unknown>(node)) return makeMap(this.#convertEntries(node.items), at, mark)
    if (isSeq<Node>(node)) {
      const items = node.items.map(item => this.convert(item)).filter(item => item.mark !== 'reset')
      return makeList(items, at, mark)
    }
    return isScalar(node) ? this.#convertScalar(node, at, mark) : makeNull(at, mark)
  }

  #followAlias(anchor: string, node: Node): ComposeNode {
    const target = this.#anchors.get(anchor)
    if (target) return target
    throw composeInvalid(
      this.#placeOf(node),
      `the alias *${anchor} stands inside of its own anchor, or before it`,
      `write &${anchor} above this line, and around something that does not contain the alias`,
    )
  }

  #convertEntries(pairs: readonly Pair<unknown, unknown>[]): Map<string, MapEntry> {
    const own = new Map<string, MapEntry>()
    const merged: ComposeNode[] = []
    for (const pair of pairs) {
      const { key, at, isMerge } = this.#readKey(pair)
      const value = isYamlNode(pair.value) ? this.convert(pair.value) : makeNull(at)
      const earlier = own.get(key)
      if (earlier || (isMerge && merged.length > 0)) {
        const where = earlier ? ` (first in line ${earlier.at.line})` : ''
        throw composeInvalid(at, `the key "${key}" is there twice${where}`, 'keep one of the two')
      }
      if (isMerge) merged.push(value)
      else own.set(key, { at, value })
    }
    const sources = merged.flatMap(node => (node.kind === 'list' ? node.items : [node]))
    return new Map([...this.#mergeSources(sources), ...own])
  }

  /** The earlier mapping of a merge key wins over the later one. */
  #mergeSources(sources: readonly ComposeNode[]): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>()
    for (const source of sources) {
      if (source.kind !== 'map') {
        throw composeInvalid(source.at, 'a merge key `<<` takes mappings only', 'name an anchor of a mapping')
      }
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry)
    }
    return entries
  }

  #readKey(pair: Pair<unknown, unknown>): {
    readonly key: string
    readonly at: Place
    readonly isMerge: boolean
  } {
    const node = isYamlNode(pair.key) ? pair.key : null
    const at = node ? this.#placeOf(node) : this.placeAt(0)
    const isPlain = isScalar(node) && node.type === 'PLAIN' && !node.tag
    const source = isScalar(node) ? String(node.value) : ''
    if (isScalar(node) && !(isPlain && typeof resolvePlainScalar(source).value !== 'string')) {
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, makeText(source, at))
      return { key: source, at, isMerge: isPlain && source === '<<' }
    }
    const target = isAlias(node) ? this.#followAlias(node.source, node) : null
    if (target?.kind === 'scalar' && typeof target.value === 'string') {
      return { key: target.value, at, isMerge: false }
    }
    throw composeInvalid(at, 'a key must be a text', 'put the key into quotes')
  }

  #convertScalar(node: Scalar, at: Place, mark: Mark): ComposeNode {
    const source = String(node.value)
    const isPlain =
      node.type === 'PLAIN' && (!node.tag || mark !== null || /:(?:int|float|bool|null)$/.test(node.tag))
    const isForced = /:(?:int|float|bool|null)$/.test(node.tag ?? '')
    if (isPlain || isForced) {
      const plain = resolvePlainScalar(source)
      if (typeof plain.value !== 'string') return { kind: 'scalar', ...plain, at, mark }
    }
    const reading = this.#reading
    if (reading === null || !source.includes('$')) return makeText(source, at, mark)
    return this.#interpolate(node, reading, { at, mark })
  }

  #interpolate(
    node: Scalar,
    reading: FileReading,
    { at, mark }: { readonly at: Place; readonly mark: Mark },
  ): ComposeNode {
    const result = interpolate(String(node.value), reading.lookUp)
    if (result.ok) {
      for (const name of result.unset) {
        reading.warn({
          ...this.#placeOfVariable(node, name),
          problem: `the variable ${name} is not set: it stands for an empty text`,
        })
      }
      return makeText(result.value, at, mark)
    }
    if (result.problem === 'required') {
      throw composeInvalid(
        this.#placeOfVariable(node, result.name),
        result.message,
        `set ${result.name} in the environment or in the .env file of the project`,
      )
    }
    throw composeInvalid(at, result.message, 'write $$ for a dollar sign that is meant as such')
  }

  #placeOf(node: Node): Place {
    return this.placeAt(node.range?.[0] ?? 0)
  }

  /** A value may run over many lines: point at the variable, where the text has it as it is. */
  #placeOfVariable(node: Scalar, name: string): Place {
    const [start, end] = node.range ?? [0, 0]
    const found = new RegExp(`\\$\\{?${name}(?![A-Za-z0-9_])`).exec(this.#text.slice(start, end))
    return this.placeAt(start + (found?.index ?? 0))
  }
}

function isYamlNode(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value)
}
