package endpoint

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// noCall is a model that nobody calls.
func noCall(t testing.TB) http.HandlerFunc {
	t.Helper()
	return func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }
}

// What goes wrong at the authority: the caller reads what to do, the log a short cause, and nobody a secret.
func TestAuthorityRefuses(t *testing.T) {
	elsewhere := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example.com/", status)
		}
	}
	endless := func(w http.ResponseWriter, _ *http.Request) {
		startJSON(w)
		for range 64 {
			if _, err := w.Write([]byte(strings.Repeat(" ", maxTokenReply))); err != nil {
				return
			}
		}
		t.Error("all of it was read")
	}
	for name, test := range map[string]struct {
		instead http.HandlerFunc
		change  func(*authority, *IdentityConfig)
		cause   string
	}{
		"wrong secret": {nil, func(_ *authority, c *IdentityConfig) { c.Secret = connector.NewSecret(secretText + "0") },
			"ActiveDirectoryOAuth: 401 invalid_client AADSTS7000215: Invalid client secret provided, [secret] for app " + testClient + "."},
		"password repeated": {
			func(w http.ResponseWriter, _ *http.Request) {
				reply(w, http.StatusBadRequest, map[string]any{"error": "invalid_request", "error_description": "wrong: " + testPassword})
			},
			func(_ *authority, c *IdentityConfig) { with(applicationPFX(), testPassword, "")(c) },
			"ActiveDirectoryOAuth: 400 invalid_request wrong: [secret]",
		},
		"no tenant":          {nil, func(_ *authority, c *IdentityConfig) { c.Tenant = "contoso.onmicrosoft.com" }, "404"},
		"unknown authority":  {nil, func(_ *authority, c *IdentityConfig) { c.Roots = nil }, "certificate"},
		"authority down":     {nil, func(a *authority, _ *IdentityConfig) { a.Close() }, "connect"},
		"token without TLS":  {nil, func(a *authority, _ *IdentityConfig) { a.tokenURL = strings.Replace(a.tokenURL, "https:", "http:", 1) }, errPlainAuthority.Error()},
		"redirect":           {elsewhere(http.StatusFound), nil, "302"},
		"redirect of a POST": {elsewhere(http.StatusTemporaryRedirect), nil, "307"},
		"refuses, not JSON":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>no", http.StatusBadGateway) }, nil, "502"},
		"not JSON":           {answer("<html>welcome"), nil, ""},
		"no token":           {answer(`{"token_type":"Bearer","expires_in":3600}`), nil, ""},
		"no lifetime":        {answer(`{"token_type":"Bearer","access_token":"` + token(1) + `"}`), nil, ""},
		"opaque token":       {answer(`{"token_type":"Bearer","access_token": "` + strings.Replace(secretText, "=", "", 1) + `"}`), nil, "[token]"},
		"null":               {answer(`null`), nil, ""},
		"cut":                {answer(`{"token_type":"Bearer","expires_in":3600,"access_token":"` + token(1)), nil, ""},
		"endless":            {endless, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			c := a.application()
			a.instead = test.instead
			if test.change != nil {
				test.change(a, &c)
			}
			e := signedIn(t, c, noCall(t))
			for range 3 {
				_, err := e.Prepare(t.Context(), chat(t, plainChat))
				failure := wantCode(t, err, connector.CredentialUnavailable)
				if cause := told(t, failure); !strings.Contains(cause, test.cause) || len(cause) > maxCause || strings.ContainsAny(cause, "\r\n") {
					t.Errorf("got cause %q, want %q", cause, test.cause)
				}
				if failure.RetryAfter <= 0 || !strings.HasPrefix(failure.Message, "The connection's identity could not get a token for the model endpoint. Try again in ") {
					t.Errorf("got %s", failure.JSON())
				}
			}
			if got := len(a.asked()); got > 1 {
				t.Errorf("got %d requests for a token, want no second one", got)
			}
		})
	}
}

// A probe tells why there is no token.
func TestProbeWithoutToken(t *testing.T) {
	a := newAuthority(t)
	c := a.application()
	c.Secret = connector.NewSecret("wrong")
	_, _, err := signedIn(t, c, noCall(t)).Probe(t.Context())
	failure := wantCode(t, err, connector.CredentialUnavailable)
	told(t, failure)
	const want = "correct the cause, which only its log and check --probe tell: ActiveDirectoryOAuth: 401 invalid_client AADSTS7000215"
	if got := failure.Error(); !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Platforms say in their own form what is wrong, and are asked once.
func TestPlatformRefuses(t *testing.T) {
	p := appService(t)
	p.answer(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusBadRequest, map[string]any{"statusCode": 400, "message": "No User Assigned Managed Identity found for the app"})
	})
	_, err := signedIn(t, IdentityConfig{Type: ManagedServiceIdentity}, noCall(t)).Prepare(t.Context(), chat(t, plainChat))
	failure := wantCode(t, err, connector.CredentialUnavailable)
	if cause := told(t, failure); cause != "ManagedServiceIdentity: 400 No User Assigned Managed Identity found for the app" {
		t.Errorf("got %s", cause)
	}
	if got := len(p.asked()); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

// An endpoint that repeats the token does not make it known.
func TestTokenIsMasked(t *testing.T) {
	for form, echo := range map[string]func(string) string{
		"plain":   func(token string) string { return token },
		"in JSON": func(token string) string { return strings.ReplaceAll(token, "/", `\/`) },
	} {
		for _, status := range []int{400, 404, 422, 429, 500, 503} {
			e := signedIn(t, newAuthority(t).application(), func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Ms-Error-Code", r.Header.Get("Authorization"))
				w.WriteHeader(status)
				write(w, `{"error":{"code":"x","message":"got (`+echo(r.Header.Get("Authorization"))+`) at `+r.Host+`"}}`)
			})
			response := e.must(t, chat(t, plainChat))
			body := text(t, response) + string(response.ErrorCode)
			if strings.Contains(body, "eyJ") || strings.Contains(body, e.Host()) || !strings.Contains(body, "Bearer [secret]") {
				t.Errorf("%s, %d: got %s", form, status, body)
			}
		}
	}
}

// The same in the middle of a stream.
func TestTokenIsMaskedInStreams(t *testing.T) {
	e := signedIn(t, newAuthority(t).application(), func(w http.ResponseWriter, r *http.Request) {
		startStream(w)
		write(w, "data: {}\n\n", `data: {"error":{"code":"x","message":"got (`+r.Header.Get("Authorization")+`)"}}`+"\n\n")
	})
	if got := text(t, e.must(t, chat(t, streamedChat))); strings.Contains(got, "eyJ") || !strings.Contains(got, "Bearer [secret]") {
		t.Errorf("got %s", got)
	}
}
