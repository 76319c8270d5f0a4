package callers_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/callers"
)

// FuzzToken signs any header with any claims, as a tenant never would, and presents the same as raw text too:
// nobody is let in but by a header and claims that an independent reader finds right.
func FuzzToken(f *testing.F) {
	a := newAuthority(f)
	list := a.list()
	claims := strings.ReplaceAll(asJSON(a.claims()), a.URL, "AUTHORITY")
	for _, header := range []string{asJSON(header()), asJSON(header().with(object{"alg": "HS256"})), asJSON(header().with(object{"crit": []string{"exp"}})), `{"alg":"RS256","kid":"one","jwk":null}`, `[]`, ``} {
		f.Add(header, claims)
	}
	for _, claims := range []string{
		strings.Replace(claims, `"exp":`, `"Exp":`, 1), strings.Replace(claims, `"api:`, `["api:`, 1), `{"iss":"AUTHORITY","aud":["x",null]}`, `null`,
	} {
		f.Add(asJSON(header()), claims)
	}
	f.Fuzz(func(t *testing.T, header, claims string) {
		claims = strings.ReplaceAll(claims, "AUTHORITY", a.URL) // whose port differs in each process
		if _, err := list.Identify(t.Context(), asBearer(header+"."+claims)); err == nil {
			t.Errorf("raw text was let in: %q.%q", header, claims)
		}
		caller, err := list.Identify(t.Context(), asBearer(sign(header, claims, signingKey())))
		if err != nil {
			if !errors.Is(err, callers.ErrUnknown) || caller.Grants != nil {
				t.Errorf("got %+v and %v, want ErrUnknown", caller, err)
			}
			return
		}
		if !isRight(header) || !saysRight(claims, a.URL) {
			t.Errorf("was let in as %+v: %s.%s", caller, header, claims)
		}
	})
}

func asJSON(value any) string { return string(must(json.Marshal(value))) }

func isRight(text string) bool {
	var h map[string]any
	if json.Unmarshal([]byte(text), &h) != nil {
		return false
	}
	_, crit := h["crit"]
	return h["alg"] == "RS256" && h["kid"] == "one" && h["jku"] == nil && h["x5u"] == nil && h["jwk"] == nil && (!crit || h["crit"] == nil)
}

func saysRight(text, authority string) bool {
	var c map[string]any
	if json.Unmarshal([]byte(text), &c) != nil {
		return false
	}
	expires, _ := c["exp"].(float64)
	now := float64(time.Now().Unix())
	from, hasFrom := c["nbf"].(float64)
	audiences, isList := c["aud"].([]any)
	if !isList {
		audiences = []any{c["aud"]}
	}
	ours := slices.Contains(audiences, any(audience)) || slices.Contains(audiences, any("client-id"))
	app := c["azp"]
	if c["iss"] != authority+"/"+tenant+"/v2.0" {
		app = c["appid"]
	}
	roles, _ := c["roles"].([]any)
	issuers := []any{authority + "/" + tenant + "/v2.0", "https://sts.windows.net/" + tenant + "/"}
	return slices.Contains(issuers, c["iss"]) && c["tid"] == tenant && ours && expires > now-62 && (!hasFrom || from < now+62) &&
		(app == application || slices.Contains(roles, any(role)))
}
