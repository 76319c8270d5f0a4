package callers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"inferenceconnector/connector"
)

// minKeyLength is the length of the shortest key that is accepted in a configuration, in characters.
const minKeyLength = 32

// CheckKey says what is wrong with a key as a credential, without repeating it; nil when it will do.
func CheckKey(key connector.Secret) error {
	text := key.Reveal()
	switch {
	case len(text) < minKeyLength:
		return fmt.Errorf("must have at least %d characters; make one with: openssl rand -hex 32", minKeyLength)
	case !isPlain(text):
		return errors.New("must consist of letters, digits and signs, without blanks and commas")
	}
	return nil
}

// isPlain reports whether text can stand in a header as one value.
func isPlain(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == ',' }) < 0
}

// credentials are the values of api-key and Authorization: Bearer, none when one of them is ambiguous.
func credentials(header http.Header) (key, token string) {
	key, sound := single(header["Api-Key"])
	authorization, alsoSound := single(header["Authorization"])
	if !sound || !alsoSound {
		return "", ""
	}
	return key, bearer(authorization)
}

// single returns the one value of a header; sound is false when there are several, or one that two readers
// could read differently.
func single(values []string) (value string, sound bool) {
	switch len(values) {
	case 0:
		return "", true
	case 1:
		if strings.IndexFunc(values[0], func(r rune) bool { return r < ' ' || r == 0x7f || r == ',' }) < 0 {
			return values[0], true
		}
	}
	return "", false
}

// bearer returns the token of an Authorization header, "" when it has none.
func bearer(authorization string) string {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// SentBearer reports whether the headers hold a bearer token, right or wrong.
func SentBearer(header http.Header) bool { return bearer(header.Get("Authorization")) != "" }
