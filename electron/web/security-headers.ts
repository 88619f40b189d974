import type { OutgoingHttpHeaders } from 'node:http'

/** Headers of every answer, of refusals too. `host` is one that was checked, or null. */
export function securityHeaders(host: string | null): OutgoingHttpHeaders {
  return {
    'content-security-policy': contentSecurityPolicy(host),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  }
}

function contentSecurityPolicy(host: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Not every browser counts a WebSocket to the same host as 'self'.
    `connect-src 'self'${host === null ? '' : ` ws://${host}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
