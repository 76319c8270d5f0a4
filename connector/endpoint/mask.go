package endpoint

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// A mask hides the endpoint's key and address in what it says of itself (S18).
type mask struct {
	whole *strings.Replacer
	key   string // whose beginning alone tells too much; "" for none
}

// telling is how many bytes of a key tell too much.
const telling = 8

func newMask(key connector.Secret, host string) mask {
	var m mask
	var pairs []string
	if !key.IsZero() {
		m.key = key.Reveal()
		for _, form := range forms(m.key) {
			pairs = append(pairs, form, key.String())
		}
	}
	pairs = append(pairs, host, "the endpoint")
	if name := hostname(host); strings.Contains(name, ".") {
		pairs = append(pairs, name, "the endpoint")
	}
	m.whole = strings.NewReplacer(pairs...)
	return m
}

// Replace returns text without what it hides.
func (m mask) Replace(text string) string {
	text = m.whole.Replace(text)
	if len(m.key) <= telling {
		return text
	}
	var hidden strings.Builder
	for {
		before, begun, found := strings.Cut(text, m.key[:telling])
		hidden.WriteString(before)
		if !found {
			return hidden.String()
		}
		more := 0
		for more < len(begun) && telling+more < len(m.key) && begun[more] == m.key[telling+more] {
			more++
		}
		hidden.WriteString(connector.Secret{}.String())
		text = begun[more:]
	}
}

// forms are the ways in which a text may repeat a key (S17), the longer ones first.
func forms(key string) []string {
	all := []string{
		key, strings.ReplaceAll(key, "/", `\/`), escaped(key, `\u%04X`), escaped(key, `\u%04x`), url.QueryEscape(key), url.PathEscape(key),
		base64.RawStdEncoding.EncodeToString([]byte(key)), base64.RawURLEncoding.EncodeToString([]byte(key)),
	}
	if len(key) < telling {
		return all // the rest would be found in any text
	}
	all = append(all, hex.EncodeToString([]byte(key)), strings.ToUpper(hex.EncodeToString([]byte(key))))
	for offset := range 3 { // where it stands in a longer text, such as a header's value
		from, to := (8*offset+5)/6, 8*(offset+len(key))/6
		padded := append(make([]byte, offset), key...)
		all = append(all, base64.RawStdEncoding.EncodeToString(padded)[from:to], base64.RawURLEncoding.EncodeToString(padded)[from:to])
	}
	return all
}

// escaped writes a key as encoders of JSON do that fear for pages.
func escaped(key, format string) string {
	var b strings.Builder
	for _, c := range key {
		if strings.ContainsRune("+&<>'\"`", c) {
			fmt.Fprintf(&b, format, c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}
