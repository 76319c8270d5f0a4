package endpoint

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Where an error of the endpoint repeats its key or address, in whatever writing, the caller sees neither.
func TestMask(t *testing.T) {
	const key = `k3y/01+23~~~cd???efgh=ij`
	for form, want := range map[string]string{
		key:                         "[secret]",
		`k3y\/01+23~~~cd???efgh=ij`: "[secret]",
		url.QueryEscape(key):        "[secret]",
		url.PathEscape(key):         "[secret]",
		base64.StdEncoding.EncodeToString([]byte(key)):             "[secret]",
		base64.URLEncoding.EncodeToString([]byte(key)):             "[secret]",
		base64.RawURLEncoding.EncodeToString([]byte(key)):          "[secret]",
		base64.StdEncoding.EncodeToString([]byte("me:" + key)):     "[secret]",
		base64.StdEncoding.EncodeToString([]byte("user:" + key)):   "[secret]",
		base64.URLEncoding.EncodeToString([]byte("Bearer " + key)): "[secret]",
		hex.EncodeToString([]byte(key)):                            "[secret]",
		strings.ReplaceAll(key, "+", `\u002B`):                     "[secret]", // as .NET writes it
		key[:8]:                                                    "[secret]",
		key[:len(key)-1]:                                           "[secret]",
		key[:9] + "***":                                            "[secret]***",
		"team.example.com:8443":                                    "the endpoint",
		"team.example.com":                                         "the endpoint",
	} {
		e := newEndpoint(t, Config{URL: "https://team.example.com:8443/models", Key: connector.NewSecret(key)})
		for name, raw := range map[string]string{
			"standard": `{"error":{"code":"x","message":"(` + form + `)"}}`,
			"flat":     `{"message":"(` + form + `)"}`,
			"a page":   "<html>(" + form + ")",
			"at 8 KiB": strings.Repeat("x", maxRefusal-len(form)/2) + form,
		} {
			for _, status := range []int{400, 422, 500} {
				body := refusalText(t, e, status, raw)
				if strings.Contains(body, form) || strings.Contains(body, form[:len(form)/2]) || !strings.Contains(body, want) && name != "at 8 KiB" {
					t.Errorf("%s, %d: got %.300s, want %s masked", name, status, body, form)
				}
			}
		}
	}
}

// A host without a dot in its name is masked with its port: the name alone may be any word.
func TestMaskOfShortName(t *testing.T) {
	e := newEndpoint(t, Config{URL: "http://localhost:8080/models", Egress: Egress{TrustLoopback: true}})
	const raw = `{"error":{"code":"x","message":"localhost:8080 is down, says localhost"}}`
	if got, want := refusalText(t, e, 500, raw), strings.Replace(raw, "localhost:8080", "the endpoint", 1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// refusalText returns the body that a caller gets for an endpoint's error.
func refusalText(t testing.TB, e *Endpoint, status int, raw string) string {
	t.Helper()
	response, err := e.refusal(http.MethodPost, &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(raw))})
	if err != nil {
		t.Fatal(err)
	}
	return text(t, response)
}
