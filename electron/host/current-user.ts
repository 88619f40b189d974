import { userInfo } from 'node:os'

/** The account of this machine, as nobody has proven it. */
export function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
