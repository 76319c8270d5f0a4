package callers

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// newTransport returns a way to the authority that asks no proxy. A connection is used once: the next fetch
// is long after.
func newTransport(roots *x509.CertPool) http.RoundTripper {
	return &http.Transport{
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// maxKeySet is how much is read of a set of keys, in bytes; of a larger one nothing is understood.
const maxKeySet = 1 << 20

// download asks the authority for the keys. A transport, unlike a client, follows no redirect.
func (s *keySet) download(ctx context.Context) (map[string]*rsa.PublicKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "inference-connector")
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return nil, fmt.Errorf("the tenant's keys cannot be fetched: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the authority answers %d to a request for the tenant's keys", response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxKeySet))
	if err != nil {
		return nil, fmt.Errorf("the tenant's keys cannot be fetched: %w", err)
	}
	return readKeys(text, s.tenant)
}

// readKeys returns the keys of a set that sign with RS256. What else is in it is left out, as new kinds of keys
// may come.
func readKeys(text []byte, tenant string) (map[string]*rsa.PublicKey, error) {
	var set struct{ Keys []json.RawMessage }
	if json.Unmarshal(text, &set) != nil {
		return nil, errors.New("the authority's answer is no set of keys")
	}
	keys := map[string]*rsa.PublicKey{}
	for _, one := range set.Keys {
		var key jose.JSONWebKey
		var more struct{ Issuer string }
		if key.UnmarshalJSON(one) != nil || json.Unmarshal(one, &more) != nil {
			continue
		}
		public, isRSA := key.Key.(*rsa.PublicKey)
		signs := (key.Use == "" || key.Use == "sig") && (key.Algorithm == "" || key.Algorithm == string(jose.RS256))
		if isRSA && signs && key.KeyID != "" && public.N.BitLen() >= 2048 && isFor(more.Issuer, tenant) {
			keys[key.KeyID] = public
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the authority's set has no keys for RS256")
	}
	return keys, nil
}

// isFor reports whether a key is for tokens of a tenant. Sets may say so key by key, and hold keys that sign
// for one other tenant alone.
func isFor(issuer, tenant string) bool {
	return issuer == "" || strings.Contains(issuer, "{tenantid}") || strings.Contains(issuer, "/"+tenant+"/")
}
