/** Where a browser signs in (POST) and asks whether it is signed in (GET). */
export const sessionPath = '/session'

/** Where the WebSocket of the engine is opened. */
export const enginePath = '/engine'

/** The subprotocol of the WebSocket; the session's key is offered behind it. */
export const engineProtocol = 'lockstep.v1'

/**
 * The header with the session's key. A browser sends a cookie to every port of a host, other people's servers included;
 * what it stores belongs to one port. So a session needs both.
 */
export const sessionKeyHeader = 'x-lockstep-key'

/** Why the server closed a WebSocket for good. */
export const closeCodes = { ended: 4001, idle: 4002 } as const
