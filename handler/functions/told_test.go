package functions_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// order is the contract's sample of a request, as the host tells it.
const order = `{"Data":{"req":{
   "Url":"http://localhost:7071/api/orders/7?dry=1&dry=2",
   "Method":"POST",
   "Query":{"dry":"1,2"},
   "Headers":{"Content-Type":["application/json"],"Host":["localhost:7071"],"Content-Length":["11"],"X-Multi":["a","b"]},
   "Params":{"id":"7"},
   "Identities":[{"AuthenticationType":"WebJobsAuthLevel","IsAuthenticated":true,"Actor":null,"BootstrapContext":null,
      "Claims":[{"Issuer":"LOCAL AUTHORITY","OriginalIssuer":"LOCAL AUTHORITY","Properties":{},
         "Type":"http://schemas.microsoft.com/2017/07/functions/claims/authlevel","Value":"Function",
         "ValueType":"http://www.w3.org/2001/XMLSchema#string"}],
      "Label":null,"Name":null,
      "NameClaimType":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
      "RoleClaimType":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}],
   "Body":"{\"qty\": 2}\n"}},
 "Metadata":{"dry":"\"1,2\"","id":"\"7\"","qty":"\"2\"",
   "Query":{"dry":"1,2"},
   "Headers":{"Content-Type":"application/json","Host":"localhost:7071","Content-Length":"11","X-Multi":"a,b"},
   "sys":{"MethodName":"order","UtcNow":"2026-11-21T07:45:00.1234567Z","RandGuid":"24ad4c06-24ad-4e5b-8294-3da9714877e9"}}}`

// told is the invocation for a request without a body, changed by what its members say, as JSON.
func told(url, members string) string {
	return `{"Data":{"req":{"Url":` + quoted(url) + `,"Method":"POST",` + members + `"Query":"{}","Params":{},"Identities":"[]"}},"Metadata":{}}`
}

// seen is a request as our surface gets it.
type seen struct {
	Method, Target, Host, Body string
	Length                     int64
	Header                     http.Header
}

func TestRequestsAsTheHostTellsThem(t *testing.T) {
	const address = "https://shop.azurewebsites.net"
	binary := base64.StdEncoding.EncodeToString([]byte{0, 1})
	for name, test := range map[string]struct {
		sent string
		want seen
	}{
		"the contract's sample": {order, seen{"POST", "/orders/7?dry=1&dry=2", "localhost:7071", "{\"qty\": 2}\n", 11,
			http.Header{"Content-Type": {"application/json"}, "Content-Length": {"11"}, "X-Multi": {"a", "b"}}}},
		"a host of version 3": {told(address+"/api/chat", `"Headers":{"content-type":"text/plain","HOST":"x"},"Body":"hi",`), seen{"POST", "/chat", "x", "hi", 2,
			http.Header{"Content-Type": {"text/plain"}}}},
		"encoded once more": {`{"Data":{"req":` + quoted(`{"Url":"http://x/api/a","Method":"GET"}`) + `}}`, seen{"GET", "/a", "", "", 0,
			http.Header{"Content-Type": {"application/json"}}}},
		"no body, and a type": {told(address+"/api/chat", `"Headers":{"Content-Type":["text/plain"]},`), seen{"POST", "/chat", "", "", 0, http.Header{"Content-Type": {"text/plain"}}}},
		"a null body":         {told(address+"/api/", `"Body":null,"Headers":{"Content-Type":["text/plain"]},`), seen{"POST", "/", "", "", 0, http.Header{"Content-Type": {"text/plain"}}}},
		"a body that is an object": {told(address+"/api/a", `"Body":{"a": 1.0},"Headers":{"Content-Type":["application/json"]},`), seen{"POST", "/a", "", `{"a": 1.0}`, 10,
			http.Header{"Content-Type": {"application/json"}}}},
		"bytes": {told(address+"/api/a", `"Body":"`+binary+`","Headers":{"Content-Type":["application/octet-stream"]},`), seen{"POST", "/a", "", "\x00\x01", 2,
			http.Header{"Content-Type": {"application/octet-stream"}}}},
		"a form": {told(address+"/api/a", `"Body":"`+binary+`","Headers":{"Content-Type":["multipart/form-data; boundary=x"]},`), seen{"POST", "/a", "", "\x00\x01", 2,
			http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}}},
		"escapes stay": {told(address+"//api/a%2Fb/%C3%A9?x=%zz&y=a+b#c", `"Headers":{"Content-Type":["x"]},`), seen{"POST", "/a%2Fb/%C3%A9?x=%zz&y=a+b#c", "", "", 0,
			http.Header{"Content-Type": {"x"}}}},
		"a header in two letter cases": {told(address+"/api/a", `"Headers":{"Content-Type":["x"],"api-key":["a"],"Api-Key":["a"]},`), seen{"POST", "/a", "", "", 0,
			http.Header{"Content-Type": {"x"}, "Api-Key": {"a", "a"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newConfig(t, bomb{})
			c.HTTP = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_ = json.NewEncoder(w).Encode(seen{r.Method, r.URL.RequestURI(), r.Host, string(body), r.ContentLength, r.Header})
			})
			got := delivered(t, invoke(t, serve(t, c), "Rest", test.sent))
			want, _ := json.Marshal(test.want)
			var body seen
			_ = json.Unmarshal([]byte(got.Body), &body)
			if found, _ := json.Marshal(body); string(found) != string(want) {
				t.Errorf("got %s, want %s", found, want)
			}
		})
	}
}
