package callers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"

	"inferenceconnector/connector"
)

// A List is who may call. The zero List knows nobody. It is safe for concurrent use once all is in it.
type List struct {
	Entra *Entra // whose tokens are taken; nil: nobody's

	keys   []keyEntry
	tokens []tokenEntry
}

// A grant is what a credential gives: the right to use a connection, under the name of a caller.
type grant struct{ connection, name string }

type keyEntry struct {
	digest [sha256.Size]byte
	grant
}

// A tokenEntry takes the tokens of an application, or those with a role; the other field is "".
type tokenEntry struct {
	application, role string
	grant
}

// AddKey makes key a credential of the caller called name on a connection. One key may be added for several.
func (l *List) AddKey(key connector.Secret, connection, name string) {
	l.keys = append(l.keys, keyEntry{sha256.Sum256([]byte(key.Reveal())), grant{connection, name}})
}

// AddApplication makes the tokens of an application, named by its id, credentials of a caller.
func (l *List) AddApplication(id, connection, name string) {
	l.tokens = append(l.tokens, tokenEntry{application: lowerGUID(id), grant: grant{connection, name}})
}

// AddRole makes every token with a role a credential of a caller.
func (l *List) AddRole(role, connection, name string) {
	l.tokens = append(l.tokens, tokenEntry{role: role, grant: grant{connection, name}})
}

// Know reports whether a connection has callers.
func (l *List) Know(connection string) bool {
	return slices.ContainsFunc(l.keys, func(e keyEntry) bool { return e.connection == connection }) ||
		slices.ContainsFunc(l.tokens, func(e tokenEntry) bool { return e.connection == connection })
}

// ErrUnknown is why a request is nobody's: it has no credential, or an ambiguous one, or one that no caller has.
// Errors that wrap it say more, for the log.
var ErrUnknown = errors.New("no caller has this credential")

// Identify returns the caller whose credential the headers hold. api-key is tried before Authorization: Bearer,
// as SDKs send both, and keys before tokens. The error is ErrUnknown, or an Error when tokens cannot be checked.
func (l *List) Identify(ctx context.Context, header http.Header) (connector.Caller, error) {
	key, token := credentials(header)
	return l.identify(ctx, token, key, token)
}

// ConnectorKey is the header for the credential of a caller whose usual headers hold the key of an endpoint.
const ConnectorKey = "x-connector-key"

// IdentifyBringing is Identify for callers who bring an endpoint with its key, and have their own key or token
// in ConnectorKey. A token may stand there as in Authorization, after the word Bearer.
func (l *List) IdentifyBringing(ctx context.Context, header http.Header) (connector.Caller, error) {
	credential, _ := single(header.Values(ConnectorKey))
	return l.identify(ctx, cmp.Or(bearer(credential), credential), credential)
}

// Brought returns the key of an endpoint that the headers bring, as SDKs send it: in api-key, or else as
// Authorization: Bearer. It is zero when there is none, or an ambiguous one. ours tells that it is a credential for
// this program, or a token that is meant as one, right or wrong: it must not leave.
func (l *List) Brought(header http.Header) (key connector.Secret, ours bool) {
	apiKey, token := credentials(header)
	for _, candidate := range []string{apiKey, token} {
		if candidate != "" && isPlain(candidate) {
			return connector.NewSecret(candidate), l.byKey(candidate).Grants != nil || l.isOurToken(candidate)
		}
	}
	return connector.Secret{}, false
}

func (l *List) isOurToken(text string) bool {
	return l.Entra != nil && strings.Count(text, ".") >= 2 && l.Entra.isOurs(text) // what is appended can be cut off
}

func (l *List) identify(ctx context.Context, token string, keys ...string) (connector.Caller, error) {
	for _, key := range keys {
		if key == "" || !isPlain(key) {
			continue
		}
		if caller := l.byKey(key); caller.Grants != nil {
			return caller, nil
		}
	}
	if l.Entra == nil || !looksLikeToken(token) {
		return connector.Caller{}, ErrUnknown
	}
	who, err := l.Entra.check(ctx, token)
	if err != nil {
		return connector.Caller{}, err
	}
	if caller := l.byToken(who); caller.Grants != nil {
		return caller, nil
	}
	return connector.Caller{}, refused("neither the application nor a role of the token is that of a caller")
}

// byKey compares every key, so that the time taken tells nothing about how far a guess was right.
func (l *List) byKey(candidate string) (caller connector.Caller) {
	digest := sha256.Sum256([]byte(candidate))
	for i := range l.keys {
		if e := &l.keys[i]; subtle.ConstantTimeCompare(digest[:], e.digest[:]) == 1 {
			e.to(&caller)
		}
	}
	return caller
}

func (l *List) byToken(who identity) (caller connector.Caller) {
	for _, e := range l.tokens {
		if e.application == who.application || e.role != "" && slices.Contains(who.roles, e.role) {
			e.to(&caller)
		}
	}
	return caller
}

// to gives the grant to a caller. Of several names at one connection the first listed is the caller's.
func (g grant) to(caller *connector.Caller) {
	if caller.Grants == nil {
		caller.Grants = map[string]string{}
	}
	if _, named := caller.Grants[g.connection]; !named {
		caller.Grants[g.connection] = g.name
	}
}
