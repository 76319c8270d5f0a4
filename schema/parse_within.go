package schema

import "bytes"

// ParseWithin is Parse for texts of callers. keep is told of every so many bytes that the Document takes besides
// text, before more are taken; its error ends the parsing and is returned as it is. A small text can hold many
// values, each of which takes more memory than its characters do.
func ParseWithin(text []byte, keep func(bytes int64) error) (*Document, error) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.text, p.values, p.keep, p.taken, p.full = text, 0, keep, 0, nil
	p.decoder.Reset(bytes.NewBuffer(text)) // the decoder reads a bytes.Buffer in place
	d, err := p.document()
	at := p.decoder.InputOffset()
	full := p.full
	p.text, p.keep, p.full = nil, nil, nil
	p.decoder.Reset(bytes.NewBuffer(nil))
	switch {
	case full != nil:
		return nil, full
	case err != nil:
		return nil, &SyntaxError{explain(err, at)}
	}
	return d, nil
}

// About what an object, one of its members and any value take, in bytes.
const (
	objectSize = 384
	memberSize = 96
	valueSize  = 40
	countEvery = 8 << 10
)

// take counts bytes that are about to be taken.
func (p *parser) take(bytes int) error {
	if p.taken += int64(bytes); p.keep == nil || p.taken < countEvery {
		return nil
	}
	p.full = p.keep(p.taken)
	p.taken = 0
	return p.full
}
