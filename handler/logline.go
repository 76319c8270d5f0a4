package main

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// A seenAsWritten passes on lines of JSON. Characters that a terminal or a reader of logs obeys instead of showing
// them, and that JSON allows in texts, are escaped: nobody's text changes how a line looks (S19).
type seenAsWritten struct{ io.Writer }

// Write implements io.Writer for whole lines.
func (w seenAsWritten) Write(line []byte) (int, error) {
	text := bytes.TrimSuffix(line, []byte("\n"))
	if isPlain(text) {
		return w.Writer.Write(line)
	}
	var shown bytes.Buffer
	for _, c := range string(text) {
		if !isTrick(c) {
			shown.WriteRune(c)
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			fmt.Fprintf(&shown, `\u%04x`, unit)
		}
	}
	shown.WriteByte('\n')
	if _, err := w.Writer.Write(shown.Bytes()); err != nil {
		return 0, err
	}
	return len(line), nil
}

// isPlain reports whether text is printable ASCII, as nearly every line is.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// isTrick reports whether a character is a control, a format character or a line end of Unicode's.
func isTrick(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
