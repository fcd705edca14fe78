"""A signed link of marquee: marquee_link(base, key, 'songkick', 'artist', {'id': '6395144', 'format': 'html'}).

Values are as the link has them, without blanks at their ends. `expires` is Unix time; 0: the link never ends.
"""
import hashlib
import hmac
from urllib.parse import urlencode

ORDER = ['id', 'q', 'format', 'name', 'weburl', 'eventurl', 'pages', 'image', 'style']


def marquee_link(base, key, provider, resource, parameters, expires=0):
    given = {'format': 'candidates' if resource == 'search' else 'jsonld', **parameters}
    text = f'{provider} {resource}'
    for name in ORDER:
        if given.get(name):
            text += f' {name}={len(given[name].encode())}:{given[name]}'
    if given.get('limit'):
        text += f" limit={given['limit']}"
    if given.get('indent'):
        text += ' indent'
    if given.get('lang', 'en') != 'en' and given['format'] in ('html', 'js', 'ics'):
        text += f" lang={len(given['lang'])}:{given['lang']}"
    if given.get('calendar'):
        text += ' calendar'
    if given.get('markup'):
        text += f" markup={given['markup']}"
    text += f"\n{expires or ''}"
    sig = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
    query = {**parameters, **({'expires': expires} if expires else {}), 'sig': sig}
    return f'{base}/api/{provider}/{resource}?{urlencode(query)}'
