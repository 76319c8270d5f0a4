package main_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// leaked returns the first secret that text tells: whole or no more than its first eight bytes, as it is,
// backwards, or in a usual encoding, and in base64 wherever it stands in what was encoded.
func leaked(text string, secrets []string) string {
	for _, secret := range secrets {
		if slices.ContainsFunc(writings(secret), func(w string) bool { return strings.Contains(text, w) }) {
			return secret
		}
	}
	return ""
}

// telling is how many bytes of a secret are too many.
const telling = 8

var known sync.Map // the writings of each secret, which every test looks for again and again

// writings are the shortest texts that give a secret away.
func writings(secret string) []string {
	if all, ok := known.Load(secret); ok {
		return all.([]string)
	}
	begin := secret[:min(len(secret), telling)]
	all := []string{
		begin, backwards(begin), backwards(secret)[:len(begin)],
		hex.EncodeToString([]byte(begin)), strings.ToUpper(hex.EncodeToString([]byte(begin))),
		url.QueryEscape(begin), url.PathEscape(begin), strings.ReplaceAll(begin, "/", `\/`),
		bytewise(begin, "%%%02x"), bytewise(begin, "%%%02X"), bytewise(begin, `\u%04x`), bytewise(begin, `\u%04X`), bytewise(begin, "&#%d;"),
	}
	for offset := range 3 {
		// The first and the last letters are made of what stands beside the secret as well.
		from, to := (8*offset+5)/6, 8*(offset+len(begin))/6
		padded := append(make([]byte, offset), begin...)
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, alphabet.EncodeToString(padded)[from:to])
		}
	}
	known.Store(secret, all)
	return all
}

func backwards(text string) string {
	letters := []byte(text)
	slices.Reverse(letters)
	return string(letters)
}

func bytewise(text, format string) string {
	var b strings.Builder
	for _, letter := range []byte(text) {
		fmt.Fprintf(&b, format, letter)
	}
	return b.String()
}

// TestLeaksAreSeen plants a secret in every writing, between other texts.
func TestLeaksAreSeen(t *testing.T) {
	const secret, other = "Ab3/+-_~?cd=efgh0123", "Xy9/+-_~?cd=efghZYXW"
	planted := map[string]string{
		"whole": secret, "its beginning": secret[:telling], "backwards": backwards(secret), "its beginning backwards": backwards(secret[:telling]),
		"hex": hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "a slash escaped": strings.ReplaceAll(secret, "/", `\/`),
		"every byte escaped": bytewise(secret, "%%%02x"), "Every Byte Escaped": bytewise(secret, "%%%02X"),
		"every byte escaped for JSON": bytewise(secret, `\u%04x`), "for HTML": bytewise(secret, "&#%d;"),
		"the beginning in base64": base64.StdEncoding.EncodeToString([]byte(secret[:telling])),
	}
	for offset := range 7 {
		text := []byte("Bearer "[:offset] + secret + "more")
		planted[fmt.Sprintf("base64 at %d", offset)] = base64.StdEncoding.EncodeToString(text)
		planted[fmt.Sprintf("base64 for URLs at %d", offset)] = base64.RawURLEncoding.EncodeToString(text)
	}
	for name, writing := range planted {
		text := `{"message":"(` + writing + `)"}`
		if got := leaked(text, []string{other, secret}); got != secret {
			t.Errorf("%s: %s is not seen", name, text)
		}
		if got := leaked(text, []string{other}); got != "" {
			t.Errorf("%s: %s is seen in %s", name, got, text)
		}
	}
}
