package callers_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

// asVersionOne makes a token one of version 1.
func asVersionOne(tenant string) object {
	return object{"iss": "https://sts.windows.net/" + tenant + "/", "ver": "1.0", "azp": nil, "appid": application}
}

// TestClaims has a case for every sentence of S9 about what a token says.
func TestClaims(t *testing.T) {
	a := newAuthority(t)
	app, workers := map[string]string{"orders": "app"}, map[string]string{"people": "workers"}
	const stranger = "bbbbbbbb-0000-4000-8000-00000000000b"
	at := func(seconds int) int64 { return time.Now().Unix() + int64(seconds) }
	for name, test := range map[string]struct {
		changes object
		want    map[string]string // nil: nobody
	}{
		"version 2":                    {nil, app},
		"version 1":                    {asVersionOne(tenant), app},
		"by role":                      {object{"azp": stranger, "roles": []string{"Other", role}}, workers},
		"by role, version 1":           {asVersionOne(tenant).with(object{"appid": stranger, "roles": []string{role}}), workers},
		"by both":                      {object{"roles": []string{role}}, map[string]string{"orders": "app", "people": "workers"}},
		"app not listed":               {object{"azp": stranger}, nil},
		"role not listed":              {object{"azp": stranger, "roles": []string{"Models.call", "Models.Call.All"}}, nil},
		"roles not a list":             {object{"azp": stranger, "roles": role}, nil},
		"role in another claim":        {object{"azp": stranger, "scp": role, "groups": []string{role}}, nil},
		"app in another claim":         {object{"azp": stranger, "appid": application, "sub": application, "oid": application}, nil},
		"version 1 app in version 2":   {object{"azp": nil, "appid": application}, nil},
		"version 2 app in version 1":   {asVersionOne(tenant).with(object{"appid": nil, "azp": application}), nil},
		"role without an app":          {object{"azp": nil, "roles": []string{role}}, nil},
		"app empty":                    {object{"azp": ""}, nil},
		"issuer":                       {object{"iss": "https://login.example.com/" + tenant + "/v2.0"}, nil},
		"issuer is another tenant":     {object{"iss": a.URL + "/" + otherTenant + "/v2.0"}, nil},
		"issuer of version 1, another": {asVersionOne(otherTenant), nil},
		"issuer without its slash":     {asVersionOne(tenant).with(object{"iss": "https://sts.windows.net/" + tenant}), nil},
		"issuer with a slash more":     {object{"iss": a.URL + "/" + tenant + "/v2.0/"}, nil},
		"issuer in capitals":           {object{"iss": strings.ToUpper(a.URL + "/" + tenant + "/v2.0")}, nil},
		"no issuer":                    {object{"iss": nil}, nil},
		"other tenant":                 {object{"tid": otherTenant}, nil},
		"no tenant":                    {object{"tid": nil}, nil},
		"another audience of ours":     {object{"aud": "client-id"}, app},
		"audience in a list":           {object{"aud": []string{"api://other", audience}}, app},
		"audience":                     {object{"aud": "api://other"}, nil},
		"audiences":                    {object{"aud": []string{"api://other", audience + "/"}}, nil},
		"audience begins alike":        {object{"aud": audience + "-2"}, nil},
		"audience empty":               {object{"aud": ""}, nil},
		"no audience":                  {object{"aud": nil}, nil},
		"expired within leeway":        {object{"exp": at(-50)}, app},
		"expired beyond leeway":        {object{"exp": at(-62)}, nil},
		"never expires":                {object{"exp": nil}, nil},
		"expires when it is told":      {object{"exp": "never"}, nil},
		"expires after all time":       {object{"exp": 1e300}, nil},
		"not yet, within leeway":       {object{"nbf": at(50)}, app},
		"not yet":                      {object{"nbf": at(90)}, nil},
		"no beginning":                 {object{"nbf": nil}, app},
	} {
		t.Run(name, func(t *testing.T) {
			caller, err := a.list().Identify(t.Context(), asBearer(sign(header(), a.claims().with(test.changes), signingKey())))
			if !maps.Equal(caller.Grants, test.want) || (err == nil) != (test.want != nil) || caller.All {
				t.Errorf("got %+v and %v, want %v", caller, err, test.want)
			}
			if err != nil && !errors.Is(err, callers.ErrUnknown) {
				t.Errorf("got %v, want ErrUnknown", err)
			}
		})
	}
}

// TestForms has a case for every sentence of S9 about how a token is written and signed.
func TestForms(t *testing.T) {
	a := newAuthority(t)
	good := a.token()
	parts := strings.Split(good, ".")
	signedAs := func(changes object) string { return sign(header().with(changes), a.claims(), signingKey()) }
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(signingKey().Public()))})
	withSecret := func(alg string, secret []byte) string {
		text := part(header().with(object{"alg": alg})) + "." + part(a.claims())
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
	inPS256 := part(header().with(object{"alg": "PS256"})) + "." + parts[1]
	inRS512 := part(header().with(object{"alg": "RS512"})) + "." + parts[1]
	raw := part(header().with(object{"b64": false}))
	ownKey := published("one", nextKey())
	for name, token := range map[string]string{
		"PS256":                       inPS256 + "." + encode(must(rsa.SignPSS(rand.Reader, signingKey(), crypto.SHA256, sum(inPS256), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))),
		"RS512":                       inRS512 + "." + encode(signature(inRS512, signingKey(), crypto.SHA512)),
		"ES256":                       signedAs(object{"alg": "ES256"}),
		"no alg":                      signedAs(object{"alg": nil}),
		"alg in small letters":        signedAs(object{"alg": "rs256"}),
		"HS256 with the public key":   withSecret("HS256", public),
		"HS256 with its modulus":      withSecret("HS256", signingKey().N.Bytes()),
		"an HMAC called RS256":        withSecret("RS256", public),
		"none":                        part(object{"alg": "none", "kid": "one"}) + "." + parts[1] + ".",
		"none, with a signature":      part(object{"alg": "none", "kid": "one"}) + "." + parts[1] + "." + parts[2],
		"None":                        part(object{"alg": "None", "kid": "one"}) + "." + parts[1] + ".",
		"no signature":                parts[0] + "." + parts[1] + ".",
		"another token's signature":   parts[0] + "." + part(a.claims().with(object{"sub": "other"})) + "." + parts[2],
		"another key":                 sign(header(), a.claims(), nextKey()),
		"kid unknown":                 signedAs(object{"kid": "two"}),
		"kid absent":                  signedAs(object{"kid": nil}),
		"kid empty":                   signedAs(object{"kid": ""}),
		"kid no text":                 signedAs(object{"kid": 1}),
		"crit":                        signedAs(object{"crit": []string{"exp"}, "exp": 1}),
		"crit of the library":         signedAs(object{"crit": []string{"b64"}, "b64": true}),
		"crit, empty":                 signedAs(object{"crit": []string{}}),
		"b64":                         signedAs(object{"b64": true}),
		"b64, and signed so":          raw + "." + parts[1] + "." + encode(signature(raw+"."+asJSON(a.claims()), signingKey(), crypto.SHA256)),
		"jku":                         signedAs(object{"jku": a.URL + "/keys"}),
		"x5u":                         signedAs(object{"x5u": a.URL + "/certificate"}),
		"jwk of the tenant":           signedAs(object{"jwk": published("one", signingKey())}),
		"jwk of its own":              sign(header().with(object{"jwk": ownKey}), a.claims(), nextKey()),
		"jwk of its own, kid unknown": sign(header().with(object{"jwk": ownKey, "kid": "two"}), a.claims(), nextKey()),
		"five parts":                  part(object{"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "one"}) + ".a.b.c.d",
		"four parts":                  good + ".a",
		"two parts":                   parts[0] + "." + parts[1],
		"one part":                    parts[0],
		"three empty parts":           "..",
		"no JSON":                     sign("header", "claims", signingKey()),
		"claims twice":                sign(header(), `{"aud":"api://other",`+strings.TrimPrefix(asJSON(a.claims()), "{"), signingKey()),
		"claims no object":            sign(header(), `[]`, signingKey()),
		"JSON form":                   `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"padded":                      parts[0] + "." + parts[1] + "." + parts[2] + "==",
		"9 KiB":                       sign(header(), a.claims().with(object{"more": strings.Repeat("x", 9<<10)}), signingKey()),
		"a blank inside":              parts[0] + ". " + parts[1] + "." + parts[2],
		"a comma":                     good + ",",
	} {
		t.Run(name, func(t *testing.T) {
			list := a.list()
			if caller, err := list.Identify(t.Context(), asBearer(good)); err != nil || caller.Grants["orders"] != "app" {
				t.Fatalf("the good one: got %+v and %v", caller, err)
			}
			caller, err := list.Identify(t.Context(), asBearer(token))
			if !errors.Is(err, callers.ErrUnknown) || caller.Grants != nil {
				t.Errorf("got %+v and %v, want ErrUnknown", caller, err)
			}
			for _, secret := range strings.Split(token, ".") {
				if len(secret) > 8 && strings.Contains(err.Error(), secret) {
					t.Errorf("a part of the token is in %q", err)
				}
			}
		})
	}
	t.Run("just below 8 KiB", func(t *testing.T) {
		token := sign(header(), a.claims().with(object{"more": strings.Repeat("x", 5<<10)}), signingKey())
		if _, err := a.list().Identify(t.Context(), asBearer(token)); err != nil || len(token) < 7<<10 {
			t.Errorf("got %v for %d bytes", err, len(token))
		}
	})
}

// TestWhereTokensAreTaken: a token stands in Authorization; a key beats it.
func TestWhereTokensAreTaken(t *testing.T) {
	a := newAuthority(t)
	token := a.token()
	for name, test := range map[string]struct {
		header http.Header
		want   string // the caller's name at orders, "" for nobody
	}{
		"bearer":                   {asBearer(token), "app"},
		"in any case":              {http.Header{"Authorization": {"bEARER  " + token}}, "app"},
		"another scheme":           {http.Header{"Authorization": {"Basic " + token}}, ""},
		"as api-key":               {http.Header{"Api-Key": {token}}, ""},
		"a key beside it":          {http.Header{"Api-Key": {otherKey}, "Authorization": {"Bearer " + token}}, "other"},
		"a key beside a wrong one": {http.Header{"Api-Key": {otherKey}, "Authorization": {"Bearer a.b.c"}}, "other"},
		"a wrong key beside it":    {http.Header{"Api-Key": {"wrong"}, "Authorization": {"Bearer " + token}}, "app"},
		"twice":                    {http.Header{"Authorization": {"Bearer " + token, "Bearer " + token}}, ""},
		"beside two keys":          {http.Header{"Api-Key": {"a", "b"}, "Authorization": {"Bearer " + token}}, ""},
		"with a control character": {http.Header{"Authorization": {"Bearer " + token + "\x01"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			caller, err := a.list().Identify(t.Context(), test.header)
			if caller.Grants["orders"] != test.want || (err == nil) != (test.want != "") {
				t.Errorf("got %+v and %v, want %q", caller, err, test.want)
			}
		})
	}
	t.Run("not configured", func(t *testing.T) {
		list := a.list()
		list.Entra = nil
		if _, err := list.Identify(t.Context(), asBearer(token)); !errors.Is(err, callers.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
	})
}

// Whoever brings an endpoint has the own token in a header of its own; one in the usual headers does not leave.
func TestTokensOfThoseWhoBring(t *testing.T) {
	a := newAuthority(t)
	token, theirs := a.token(), sign(header(), a.claims().with(object{"aud": "https://cognitiveservices.azure.com"}), signingKey())
	for name, test := range map[string]struct {
		header http.Header
		caller bool
		key    string
		ours   bool
	}{
		"bare":                  {http.Header{"Api-Key": {"k"}, "X-Connector-Key": {token}}, true, "k", false},
		"bearer":                {http.Header{"Api-Key": {"k"}, "X-Connector-Key": {"Bearer " + token}}, true, "k", false},
		"twice":                 {http.Header{"Api-Key": {"k"}, "X-Connector-Key": {token, token}}, false, "k", false},
		"where it is not":       {asBearer(token), false, token, true},
		"beside the key":        {http.Header{"Api-Key": {"k"}, "Authorization": {"Bearer " + token}}, false, "k", false},
		"a token for elsewhere": {asBearer(theirs), false, theirs, false},
	} {
		t.Run(name, func(t *testing.T) {
			list := a.list()
			if _, err := list.IdentifyBringing(t.Context(), test.header); (err == nil) != test.caller {
				t.Errorf("got %v, want a caller: %t", err, test.caller)
			}
			key, ours := list.Brought(test.header)
			if key.Reveal() != test.key || ours != test.ours {
				t.Errorf("got a key of %d bytes, ours: %t; want %d, %t", len(key.Reveal()), ours, len(test.key), test.ours)
			}
		})
	}
	t.Run("that may be ours", func(t *testing.T) {
		a.fail()
		if _, ours := a.list().Brought(asBearer(token)); !ours {
			t.Error("it would leave")
		}
	})
}

// Letter case of ids is that of tokens, whatever an operator copied; the first name listed is the caller's.
func TestNames(t *testing.T) {
	a := newAuthority(t)
	list := &callers.List{Entra: callers.NewEntra(callers.EntraConfig{
		Tenant: strings.ToUpper(tenant), Audience: []string{strings.ToUpper(application)}, Authority: strings.Replace(a.URL, "https", "HTTPS", 1) + "/", Roots: a.roots,
	})}
	list.AddRole(role, "orders", "first")
	list.AddApplication(strings.ToUpper(application), "orders", "second")
	list.AddApplication(application, "people", "third")
	token := sign(header(), a.claims().with(object{"aud": application, "roles": []string{role}}), signingKey())
	caller, err := list.Identify(t.Context(), asBearer(token))
	if want := map[string]string{"orders": "first", "people": "third"}; err != nil || !maps.Equal(caller.Grants, want) {
		t.Errorf("got %v and %v, want %v", caller.Grants, err, want)
	}
	for _, id := range []string{application, strings.ToUpper(application)} {
		token := sign(header(), a.claims().with(object{"aud": id}), signingKey())
		if _, ours := list.Brought(asBearer(token)); !ours {
			t.Errorf("a token for %s would leave", id)
		}
	}
	for connection, want := range map[string]bool{"orders": true, "people": true, "other": false} {
		if got := list.Know(connection); got != want {
			t.Errorf("%s: got %t", connection, got)
		}
	}
}

// Version 1 tokens of one cloud have an issuer of its own. The keys are out of reach here, so a token whose
// claims are right cannot be checked, and any other is refused.
func TestClouds(t *testing.T) {
	a := newAuthority(t)
	for authority, issuer := range map[string]string{
		"": "https://sts.windows.net", callers.PublicCloud: "https://sts.windows.net",
		"https://login.microsoftonline.us": "https://sts.windows.net", "https://login.partner.microsoftonline.cn": "https://sts.chinacloudapi.cn",
	} {
		list := &callers.List{Entra: callers.NewEntra(callers.EntraConfig{Tenant: tenant, Audience: []string{audience}, Authority: authority})}
		gone, cancel := contextOver(t)
		defer cancel()
		for _, from := range []string{"https://sts.windows.net", "https://sts.chinacloudapi.cn"} {
			claims := a.claims().with(asVersionOne(tenant)).with(object{"iss": from + "/" + tenant + "/"})
			_, err := list.Identify(gone, asBearer(sign(header(), claims, signingKey())))
			if unavailable := code(err) == connector.AuthUnavailable; unavailable != (from == issuer) {
				t.Errorf("%q, from %s: got %v", authority, from, err)
			}
		}
	}
}

func sum(text string) []byte {
	digest := sha256.Sum256([]byte(text))
	return digest[:]
}
