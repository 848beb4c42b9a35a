package matroska

// Identifiers of elements, with the bits that mark their length (RFC 8794, 5; RFC 9559, 27.1).
const (
	idHeader         = 0x1A45DFA3
	idReadVersion    = 0x42F7
	idMaxIDLength    = 0x42F2
	idMaxSizeLength  = 0x42F3
	idDocType        = 0x4282
	idDocReadVersion = 0x4285

	idSegment     = 0x18538067
	idSeekHead    = 0x114D9B74
	idInfo        = 0x1549A966
	idTracks      = 0x1654AE6B
	idCues        = 0x1C53BB6B
	idChapters    = 0x1043A770
	idAttachments = 0x1941A469
	idTags        = 0x1254C367
	idCluster     = 0x1F43B675

	idSeek         = 0x4DBB
	idSeekID       = 0x53AB
	idSeekPosition = 0x53AC

	idTimestampScale = 0x2AD7B1
	idDuration       = 0x4489
	idTitle          = 0x7BA9
	idMuxingApp      = 0x4D80
	idDateUTC        = 0x4461

	idTrackEntry      = 0xAE
	idTrackNumber     = 0xD7
	idTrackType       = 0x83
	idFlagDefault     = 0x88
	idFlagForced      = 0x55AA
	idFlagHearing     = 0x55AB
	idFlagCommentary  = 0x55AF
	idDefaultDuration = 0x23E383
	idName            = 0x536E
	idLanguage        = 0x22B59C
	idLanguageBCP47   = 0x22B59D
	idCodecID         = 0x86
	idCodecPrivate    = 0x63A2

	idBlockAdditionMapping = 0x41E4
	idBlockAddIDType       = 0x41E7
	idBlockAddIDExtraData  = 0x41ED

	idVideo         = 0xE0
	idStereoMode    = 0x53B8
	idPixelWidth    = 0xB0
	idPixelHeight   = 0xBA
	idDisplayWidth  = 0x54B0
	idDisplayHeight = 0x54BA
	idDisplayUnit   = 0x54B2
	idFourCC        = 0x2EB524 // of uncompressed pictures
	idFrameRate     = 0x2383E3 // given up by the standard, still found in old files

	idColour         = 0x55B0
	idMatrix         = 0x55B1
	idBitsPerChannel = 0x55B2
	idRange          = 0x55B9
	idTransfer       = 0x55BA
	idPrimaries      = 0x55BB
	idMaxCLL         = 0x55BC
	idMaxFALL        = 0x55BD
	idMastering      = 0x55D0
	idRedX           = 0x55D1 // the eight coordinates follow each other: red, green, blue, white
	idWhiteY         = 0x55D8
	idLuminanceMax   = 0x55D9
	idLuminanceMin   = 0x55DA

	idAudio           = 0xE1
	idSampling        = 0xB5
	idOutputSampling  = 0x78B5
	idChannels        = 0x9F
	idBitDepth        = 0x6264
	idEncodings       = 0x6D80
	idEncoding        = 0x6240
	idEncodingScope   = 0x5032
	idEncodingType    = 0x5033
	idCompression     = 0x5034
	idCompressionAlgo = 0x4254
	idCompressionData = 0x4255

	idEdition        = 0x45B9
	idEditionDefault = 0x45DB
	idChapterAtom    = 0xB6
	idChapterStart   = 0x91
	idChapterEnd     = 0x92
	idChapterDisplay = 0x80
	idChapterString  = 0x85

	idAttachedFile    = 0x61A7
	idFileDescription = 0x467E
	idFileName        = 0x466E
	idFileMediaType   = 0x4660
	idFileData        = 0x465C

	idTag           = 0x7373
	idTargets       = 0x63C0
	idTargetType    = 0x63CA
	idTagTrackUID   = 0x63C5
	idTagChapterUID = 0x63C4
	idTagFileUID    = 0x63C6
	idSimpleTag     = 0x67C8
	idTagName       = 0x45A3
	idTagLanguage   = 0x447A
	idTagDefault    = 0x4484
	idTagString     = 0x4487

	idTimestamp   = 0xE7
	idSimpleBlock = 0xA3
	idBlockGroup  = 0xA0
	idBlock       = 0xA1
)

// topLevel tells whether an element lies directly in the segment, and so ends a cluster whose size is unknown.
func topLevel(id uint32) bool {
	switch id {
	case idHeader, idSegment, idSeekHead, idInfo, idTracks, idCues, idChapters, idAttachments, idTags, idCluster:
		return true
	default:
		return false
	}
}
