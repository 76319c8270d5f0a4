package endpoint

import (
	"encoding/base64"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// masker hides the endpoint's key and address in what it says of itself (S18).
func masker(key connector.Secret, host string) *strings.Replacer {
	var pairs []string
	if !key.IsZero() {
		for _, form := range forms(key.Reveal()) {
			pairs = append(pairs, form, key.String())
		}
	}
	pairs = append(pairs, host, "the endpoint")
	if name := hostname(host); strings.Contains(name, ".") {
		pairs = append(pairs, name, "the endpoint")
	}
	return strings.NewReplacer(pairs...)
}

// forms are the ways in which a text may repeat a key (S17).
func forms(key string) []string {
	return []string{
		key, strings.ReplaceAll(key, "/", `\/`), url.QueryEscape(key), url.PathEscape(key),
		base64.RawStdEncoding.EncodeToString([]byte(key)), base64.RawURLEncoding.EncodeToString([]byte(key)),
	}
}
