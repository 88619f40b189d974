/** Fails to compile when a closed union has a member that the switch before it forgot. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
