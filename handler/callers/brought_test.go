package callers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestTokensForUsStayHere: a token that is meant for us does not go to what a caller brings, whatever makes it
// one that is refused. Nobody is asked about it.
func TestTokensForUsStayHere(t *testing.T) {
	a := newAuthority(t)
	signed := func(changes object) string { return sign(header(), a.claims().with(changes), signingKey()) }
	long, now := strings.Repeat("x", 9<<10), time.Now().Unix()
	parts := strings.Split(a.token(), ".")
	elsewhere, strange := object{"aud": "https://cognitiveservices.azure.com"}, "https://login.example.com/v2.0"
	for name, test := range map[string]struct {
		token string
		ours  bool
	}{
		"good":                           {a.token(), true},
		"version 1":                      {signed(asVersionOne(tenant)), true},
		"of several audiences":           {signed(object{"aud": []any{nil, "client-id"}}), true},
		"signed by a key not known yet":  {sign(header().with(object{"kid": "two"}), a.claims(), nextKey()), true},
		"forged":                         {sign(header(), a.claims(), nextKey()), true},
		"not yet valid":                  {signed(object{"nbf": now + 90}), true},
		"just expired":                   {signed(object{"exp": now - 62}), true},
		"never expires":                  {signed(object{"exp": nil}), true},
		"of nobody's application":        {signed(object{"azp": "bbbbbbbb-0000-4000-8000-00000000000b"}), true},
		"of no application":              {signed(object{"azp": nil}), true},
		"roles of another type":          {signed(object{"roles": role}), true},
		"a number beyond all":            {sign(header(), `{"exp":1e999,`+strings.TrimPrefix(asJSON(a.claims()), "{"), signingKey()), true},
		"another claim of that name":     {signed(object{"zz": 1, "AUD": "x", "Tid": "x", "ISS": "x"}), true},
		"another issuer":                 {signed(object{"iss": strange}), true},
		"no issuer":                      {signed(object{"iss": nil}), true},
		"no tenant":                      {signed(object{"tid": nil}), true},
		"another tenant":                 {signed(object{"tid": otherTenant}), true},
		"tenant in capitals":             {signed(object{"tid": strings.ToUpper(tenant), "iss": nil}), true},
		"another algorithm":              {sign(header().with(object{"alg": "ES256"}), a.claims(), signingKey()), true},
		"another header":                 {"x." + parts[1] + "." + parts[2], true},
		"no signature":                   {parts[0] + "." + parts[1] + ".", true},
		"with a part appended":           {a.token() + ".x", true},
		"padded":                         {parts[0] + "." + parts[1] + "==." + parts[2], true},
		"too long":                       {signed(object{"more": long}), true},
		"too long, by its signature":     {a.token() + long, true},
		"too long, for elsewhere":        {signed(elsewhere.with(object{"more": long})), true},
		"too long, and no token":         {long, false},
		"for elsewhere":                  {signed(elsewhere), false},
		"for nobody":                     {signed(object{"aud": nil}), false},
		"another tenant's, for the like": {signed(object{"tid": otherTenant, "iss": a.URL + "/" + otherTenant + "/v2.0"}), false},
		"nobody's, for the like":         {signed(object{"tid": nil, "iss": nil}), false},
		"claims no object":               {sign(header(), `["aud"]`, signingKey()), false},
		"three words":                    {"a.b.c", false},
		"three empty words":              {"..", false},
		"a key":                          {"the-endpoint's-own", false},
	} {
		t.Run(name, func(t *testing.T) {
			for place, header := range map[string]http.Header{"bearer": asBearer(test.token), "api-key": {"Api-Key": {test.token}}} {
				if key, ours := a.list().Brought(header); ours != test.ours || key.Reveal() != test.token {
					t.Errorf("%s: got a key of %d bytes, ours: %t; want %d, %t", place, len(key.Reveal()), ours, len(test.token), test.ours)
				}
			}
			list := a.list()
			list.Entra = nil
			if _, ours := list.Brought(asBearer(test.token)); ours {
				t.Error("it is ours where no tokens are taken")
			}
		})
	}
	if got := a.count(); got != 0 {
		t.Errorf("the authority was asked %d times", got)
	}
}
