package settings_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/settings"
)

const (
	entra  = `"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":"api://connector"}}`
	appIDA = `"appId":"aaaaaaaa-0000-4000-8000-000000000000"`
)

func TestCallersWithTokens(t *testing.T) {
	for name, auth := range map[string]string{
		"one audience":  entra,
		"several":       `"auth":{"entra":{"tenant":"AAAAAAAA-2222-3333-4444-555555555555","audience":["api://a","b"]}}`,
		"another cloud": `"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":"a","authority":"https://login.microsoftonline.us"}}`,
		"on a port":     `"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":"a","authority":"https://[::1]:8443/"},"trustPlatform":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := mustLoad(t, `{`+auth+`,
				"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"`+keyA+`"},{"name":"y",`+appIDA+`},{"name":"z","role":"Models.Call"}]}},
				"byo":{"b":{"allowHosts":["h.example.org"],"callers":[{"name":"w","role":"Models.Bring"}]}}}`, "CONNECTOR_LISTEN=0.0.0.0:7071")
			equalList(t, "names", s.CallerNames["a"], []string{"x", "y", "z"})
			equal(t, "tokens are taken", s.Callers.Entra != nil, true)
			for _, c := range s.Connections {
				equal(t, "open: "+c.Name, c.Open, false)
				equal(t, "has callers: "+c.Name, s.Callers.Know(c.Name), true)
			}
		})
	}
	t.Run("without a key", func(t *testing.T) {
		_ = mustLoad(t, `{`+entra+`,"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"y",`+appIDA+`}]}}}`, "CONNECTOR_RATE_LIMIT_SCOPE=process")
		for _, host := range []settings.Host{settings.Functions, settings.Lambda} {
			equal(t, "open on "+string(host), only(t, mustLoadFor(t, host)).Open, false)
		}
	})
}

// No token is taken unless the file says whose, and a start fetches nothing: the tenant is not there.
func TestWithoutEntraTokensAreNobodys(t *testing.T) {
	s := mustLoad(t, example, "AZUREAI_ENDPOINT_KEY=secret", "ORDERS_KEY="+keyA)
	equal(t, "tokens are taken", s.Callers.Entra != nil, false)
	gone, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := s.Callers.Identify(gone, http.Header{"Authorization": {"Bearer a.b.c"}}); !errors.Is(err, callers.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestMistakesAboutTokens(t *testing.T) {
	const (
		noEntra = ` needs auth.entra, which says whose tokens are taken; add it, or give the caller a key`
		beside  = `, but a caller has one of them; make it two callers, or remove one`
		unread  = `, best as @appsetting('NAME')`
	)
	for name, test := range map[string]struct{ auth, callers, want string }{
		"no tenant": {`"auth":{"entra":{"audience":"a"}}`, `{"name":"x",` + appIDA + `}`, `auth.entra.tenant is missing; give the id of the tenant whose tokens are taken`},
		"no audience": {`"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555"}}`, `{"name":"x",` + appIDA + `}`,
			`auth.entra.audience is missing; give the application id URI or client id that callers ask tokens for`},
		"tenant by name": {`"auth":{"entra":{"tenant":"` + hush + `","audience":"a"}}`, `{"name":"x",` + appIDA + `}`,
			`auth.entra.tenant must be the tenant's id, such as 00000000-0000-0000-0000-000000000000; tokens hold no other name of it`},
		"audience empty": {`"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":[]}}`, `{"name":"x",` + appIDA + `}`, `auth.entra.audience must have at least 1 item`},
		"audience blank": {`"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":["a",""]}}`, `{"name":"x",` + appIDA + `}`, `auth.entra.audience[1] must have at least 1 character`},
		"audience type":  {`"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":7}}`, `{"name":"x",` + appIDA + `}`, `auth.entra.audience must be a text or a list`},
		"entra a text": {`"auth":{"entra":"` + hush + `"}`, `{"name":"x",` + appIDA + `}`,
			`auth.entra must be an object, such as {"tenant":"00000000-0000-0000-0000-000000000000","audience":"api://connector"}`},
		"entra misspelt": {`"auth":{"entre":{}}`, `{"name":"x",` + appIDA + `}`, `auth.entre is not a known name here; did you mean entra?`},
		"no entra":       {`"auth":{}`, `{"name":"x",` + appIDA + `},{"name":"y","role":"R"}`, `connections.a.callers[0].appId` + noEntra + "\n" + `connections.a.callers[1].role` + noEntra},
		"appId":          {entra, `{"name":"x","appId":"` + hush + `"}`, `connections.a.callers[0].appId must be the id of an application (client), such as 00000000-0000-0000-0000-000000000000`},
		"appId type":     {entra, `{"name":"x","appId":7}`, `connections.a.callers[0].appId must be a text`},
		"appId misspelt": {entra, `{"name":"x","appid":"aaaaaaaa-0000-4000-8000-000000000000"}`, `connections.a.callers[0].appid is not a known name here; did you mean appId?`},
		"role":           {entra, `{"name":"x","role":"` + hush + ` two"}`, `connections.a.callers[0].role must be the value of an app role: 1 to 128 letters, digits and signs, without blanks`},
		"role empty":     {entra, `{"name":"x","role":""}`, `connections.a.callers[0].role must be the value of an app role: 1 to 128 letters, digits and signs, without blanks`},
		"two ways":       {entra, `{"name":"x","key":"` + keyA + `","role":"R"}`, `connections.a.callers[0].role stands beside key` + beside},
		"three ways": {entra, `{"name":"x","key":"` + keyA + `","role":"R",` + appIDA + `}`,
			`connections.a.callers[0].role stands beside key` + beside + "\n" + `connections.a.callers[0].appId stands beside key` + beside},
		"no way": {entra, `{"name":"x"}`, `connections.a.callers[0].key is missing; give the key that this caller presents` + unread + `, or the appId or role of its tokens`},
		"no way, no name": {entra, `{}`, `connections.a.callers[0].name is missing; it tells callers apart in the log` + "\n" +
			`connections.a.callers[0].key is missing; give the key that this caller presents` + unread + `, or the appId or role of its tokens`},
		"same appId": {entra, `{"name":"x",` + appIDA + `},{"name":"y","appId":"AAAAAAAA-0000-4000-8000-000000000000"}`,
			`connections.a.callers[1].appId is the same as callers[0].appId; the log would tell only one of them, so remove one`},
		"same role": {entra, `{"name":"x","role":"R"},{"name":"y","role":"R"}`, `connections.a.callers[1].role is the same as callers[0].role; the log would tell only one of them, so remove one`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{`+test.auth+`,"connections":{"a":{"endpoint":"https://h/models","callers":[`+test.callers+`]}}}`)
			equalList(t, "complaints", got, lines(test.want))
		})
	}
	for _, authority := range []string{"http://login.microsoftonline.com", "login.microsoftonline.com", "https://u:p@h", "https://h/common", "https://h?x", "https://h#x", "https://", "https://h:port", " https://h", hush} {
		t.Run("authority "+authority, func(t *testing.T) {
			got := complaints(t, `{"auth":{"entra":{"tenant":"11111111-2222-3333-4444-555555555555","audience":"a","authority":"`+authority+`"}},
				"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x",`+appIDA+`}]}}}`)
			equalList(t, "complaints", got, []string{`auth.entra.authority must be https:// and a host, such as https://login.microsoftonline.us`})
		})
	}
}
