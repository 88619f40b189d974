/** Hexadecimal sha256 of a text in UTF-8. */
export type Digest = (text: string) => string
