/** Where something is written. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What Compose's own tags say of a value: `!reset` takes away what earlier files said, `!override` replaces it. */
export type Mark = 'reset' | 'override' | null

/** A value of a Compose file that knows where it was written. */
export type ComposeNode = ScalarNode | ListNode | MapNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** The value as Compose prints it where a text is wanted. */
  readonly text: string
  readonly at: Place
  readonly mark: Mark
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly ComposeNode[]
  readonly at: Place
  readonly mark: Mark
}

export interface MapNode {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, MapEntry>
  readonly at: Place
  readonly mark: Mark
}

export interface MapEntry {
  /** Where the key is written. */
  readonly at: Place
  readonly value: ComposeNode
}

/** A text as a node. */
export function makeText(value: string, at: Place, mark: Mark = null): ScalarNode {
  return { kind: 'scalar', value, text: value, at, mark }
}

/** Nothing, as a node. */
export function makeNull(at: Place, mark: Mark = null): ScalarNode {
  return { kind: 'scalar', value: null, text: '', at, mark }
}

/** True or false, as a node. */
export function makeBoolean(value: boolean, at: Place): ScalarNode {
  return { kind: 'scalar', value, text: String(value), at, mark: null }
}

/** A list, as a node. */
export function makeList(items: readonly ComposeNode[], at: Place, mark: Mark = null): ListNode {
  return { kind: 'list', items, at, mark }
}

/** A mapping, as a node. */
export function makeMap(
  entries: Iterable<readonly [string, MapEntry]>,
  at: Place,
  mark: Mark = null,
): MapNode {
  return { kind: 'map', entries: new Map(entries), at, mark }
}

/** Whether nothing is written here. */
export function isNull(node: ComposeNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** The value below a key; undefined as well for one that is taken away by `!reset`. */
export function getValue(map: MapNode, key: string): ComposeNode | undefined {
  const value = map.entries.get(key)?.value
  return value?.mark === 'reset' ? undefined : value
}

/** The same mapping with one value put in its place. */
export function withValue(map: MapNode, key: string, value: ComposeNode): MapNode {
  return {
    ...map,
    entries: new Map(map.entries).set(key, { at: map.entries.get(key)?.at ?? value.at, value }),
  }
}

/** The same mapping without a key. */
export function withoutKey(map: MapNode, key: string): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([name]) => name !== key)) }
}

/** What a node says, whatever its place: two nodes that say the same give the same text. */
export function describeContent(node: ComposeNode): string {
  switch (node.kind) {
    case 'scalar':
      return JSON.stringify(node.value)
    case 'list':
      return `[${node.items.map(describeContent).join()}]`
    case 'map':
      return `{${[...node.entries]
        .filter(([, entry]) => entry.value.mark !== 'reset')
        .map(([key, entry]) => `${JSON.stringify(key)}:${describeContent(entry.value)}`)
        .sort()
        .join()}}`
  }
}
