"""What the sample world's vendor is on paper."""

import json

#: The billing settings of the demo and the tests.
BILLING = {
    "SELLER": json.dumps(
        {
            "name": "Lumen Tools GmbH",
            "street": "Speicherstraße 7",
            "postal_code": "20457",
            "city": "Hamburg",
            "country": "DE",
            "tax_id": "DE999999995",
            "tax_number": "27/123/45678",
            "registration": "HRB 123456, Amtsgericht Hamburg",
            "email": "billing@lumen.example",
            "iban": "DE02120300000000202051",
            "bic": "BYLADEM1001",
            "bank": "Example Bank",
        },
        ensure_ascii=False,
    ),
    "TAX_RATES": '{"DE": "19", "FR": "20"}',
    "INVOICE_PREFIX": "LT",
    # Made-up tax ids are nobody else's business.
    "TAX_ID_CHECK": "off",
}
