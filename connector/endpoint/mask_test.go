package endpoint

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Where an error of the endpoint repeats its key or address, in whatever writing, the caller sees neither.
func TestMask(t *testing.T) {
	var all []string
	for _, form := range append(forms(secretText), "localhost:80", "team.example.com:8443", "team.example.com") {
		all = append(all, form)
		for name, raw := range map[string]string{
			"standard": `{"error":{"code":"x","message":"(` + form + `)"}}`,
			"flat":     `{"message":"(` + form + `)"}`,
			"a page":   "<html>(" + form + ")",
			"at 8 KiB": strings.Repeat("x", maxRefusal-len(form)/2) + form,
		} {
			for _, status := range []int{400, 422, 500} {
				host := "http://team.example.com:8443/models"
				if strings.HasPrefix(form, "localhost") {
					host = "http://localhost:80/models"
				}
				e := newEndpoint(t, Config{URL: host, Key: secret, Egress: Egress{AllowPlainHTTP: true}})
				response, err := e.refusal(&http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(raw))})
				if err != nil {
					t.Fatal(err)
				}
				body := text(t, response)
				for _, hidden := range []string{form, form[:len(form)/2]} {
					if strings.Contains(body, hidden) || name != "at 8 KiB" && !strings.Contains(body, "[secret]") && !strings.Contains(body, "the endpoint") {
						t.Errorf("%s: got %.300s, want %s masked", name, body, hidden)
					}
				}
			}
		}
	}
	if slices.Contains(all, "") {
		t.Errorf("got %q, want no empty form", all)
	}
}
