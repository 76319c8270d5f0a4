package emulator

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// A credential is a header that has a key, and the scheme before it.
type credential struct{ header, scheme string }

var (
	apiKey = credential{header: "Api-Key"}
	bearer = credential{header: "Authorization", scheme: "Bearer"}
)

func (c credential) key(h http.Header) string {
	if c.scheme == "" {
		return h.Get(c.header)
	}
	scheme, key, _ := strings.Cut(h.Get(c.header), " ")
	if !strings.EqualFold(scheme, c.scheme) {
		return ""
	}
	return key
}

// admit accepts the key in any header that the family reads: SDKs send several,
// and sometimes leave the bearer empty.
func (f *family) admit(h http.Header, key string) error {
	if key == "" {
		return nil
	}
	for _, c := range f.credentials {
		if subtle.ConstantTimeCompare([]byte(c.key(h)), []byte(key)) == 1 {
			return nil
		}
	}
	if h.Get(f.credentials[0].header) == "" {
		return &problem{reason: noKey}
	}
	return &problem{reason: wrongKey}
}
