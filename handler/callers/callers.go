// Package callers tells who is calling, from the credential in a request's headers (contract/reliability.md
// section 7, S8). It knows keys by their digests. It must never hear of actions, endpoints or routes, and
// what a caller may do is the connector's to decide.
package callers

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
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

// Keys are the callers that present a key. The zero Keys knows nobody. It is safe for concurrent use once
// all have been added.
type Keys struct {
	entries []entry
}

type entry struct {
	digest     [sha256.Size]byte
	connection string
	name       string
}

// Add makes key a credential of the caller called name on a connection. One key may be added for several.
func (k *Keys) Add(key connector.Secret, connection, name string) {
	k.entries = append(k.entries, entry{sha256.Sum256([]byte(key.Reveal())), connection, name})
}

// Know reports whether a connection has callers.
func (k *Keys) Know(connection string) bool {
	return slices.ContainsFunc(k.entries, func(e entry) bool { return e.connection == connection })
}

// Identify returns the caller whose key the headers hold. api-key is tried before Authorization: Bearer,
// and SDKs send both. ok is false when there is no valid credential, or an ambiguous one.
func (k *Keys) Identify(header http.Header) (caller connector.Caller, ok bool) {
	return k.first(credentials(header))
}

// ConnectorKey is the header for the key of a caller whose usual headers hold the key of an endpoint.
const ConnectorKey = "x-connector-key"

// IdentifyBringing is Identify for callers who bring an endpoint with its key, and have their own in ConnectorKey.
func (k *Keys) IdentifyBringing(header http.Header) (caller connector.Caller, ok bool) {
	key, _ := single(header.Values(ConnectorKey))
	return k.first([]string{key})
}

// Brought returns the key of an endpoint that the headers bring, as SDKs send it: in api-key, or else as
// Authorization: Bearer. It is zero when there is none, or an ambiguous one. ours tells that it is a caller's key.
func (k *Keys) Brought(header http.Header) (key connector.Secret, ours bool) {
	for _, candidate := range credentials(header) {
		if candidate != "" && isPlain(candidate) {
			return connector.NewSecret(candidate), k.find(candidate).Grants != nil
		}
	}
	return connector.Secret{}, false
}

// credentials are the values of api-key and Authorization: Bearer, none when one of them is ambiguous.
func credentials(header http.Header) []string {
	key, sound := single(header["Api-Key"])
	authorization, alsoSound := single(header["Authorization"])
	if !sound || !alsoSound {
		return nil
	}
	return []string{key, bearer(authorization)}
}

// first returns the caller of the first valid candidate.
func (k *Keys) first(candidates []string) (caller connector.Caller, ok bool) {
	for _, candidate := range candidates {
		if candidate == "" || !isPlain(candidate) {
			continue
		}
		if caller = k.find(candidate); caller.Grants != nil {
			return caller, true
		}
	}
	return caller, false
}

// find compares every key, so that the time taken tells nothing about how far a guess was right.
func (k *Keys) find(candidate string) (caller connector.Caller) {
	digest := sha256.Sum256([]byte(candidate))
	for i := range k.entries {
		e := &k.entries[i]
		if subtle.ConstantTimeCompare(digest[:], e.digest[:]) == 1 {
			if caller.Grants == nil {
				caller.Grants = map[string]string{}
			}
			caller.Grants[e.connection] = e.name
		}
	}
	return caller
}

// single returns the one value of a header; sound is false when there are several, or one that two readers
// could read differently.
func single(values []string) (value string, sound bool) {
	switch len(values) {
	case 0:
		return "", true
	case 1:
		return values[0], strings.IndexFunc(values[0], func(r rune) bool { return r < ' ' || r == 0x7f || r == ',' }) < 0
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
